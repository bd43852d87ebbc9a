package io.v2ws.cli;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers that tell nothing: a status and no body, so that a visitor learns neither what runs here nor where. Each is the
 * last of its connection: many requests in a row would keep the thread of a selector from the tunnels.
 */
final class EmptyAnswers {
    private static final String CLOSE = HttpHeaderValue.CLOSE.asString();

    private EmptyAnswers() {}

    /** The site: 404 to every method on every path (S9). */
    static final class NotFoundServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(HttpStatus.NOT_FOUND_404);
            response.setContentLength(0);
            response.setHeader(HttpHeader.CONNECTION.asString(), CLOSE);
        }
    }

    /** 404 to what reaches no servlet, such as {@code OPTIONS *}. */
    static final class NotFoundHandler extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(HttpStatus.NOT_FOUND_404);
            response.getHeaders().put(HttpHeader.CONNECTION, CLOSE);
            callback.succeeded();
            return true;
        }
    }

    /** Takes the place of Jetty's error pages. */
    static final class ErrorHandler extends org.eclipse.jetty.server.handler.ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (request.getAttribute(ERROR_EXCEPTION) instanceof HttpException refused) {
                response.setStatus(refused.getCode());
            }
            response.getHeaders().put(HttpHeader.CONNECTION, CLOSE);
            callback.succeeded();
            return true;
        }
    }
}
