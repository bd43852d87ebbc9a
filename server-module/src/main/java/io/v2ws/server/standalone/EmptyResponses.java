package io.v2ws.server.standalone;

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
 * Responses with a status and no body, so that a visitor learns neither which server this is nor which paths exist.
 * Each closes its connection: many requests in a row would keep a selector thread from the tunnels.
 */
final class EmptyResponses {
    private static final String CLOSE = HttpHeaderValue.CLOSE.asString();

    private EmptyResponses() {}

    /** Responds with 404 to every method on every path (S9). */
    static final class NotFoundServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(HttpStatus.NOT_FOUND_404);
            response.setContentLength(0);
            response.setHeader(HttpHeader.CONNECTION.asString(), CLOSE);
        }
    }

    /** Responds with 404 to requests that reach no servlet, such as {@code OPTIONS *}. */
    static final class NotFoundHandler extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(HttpStatus.NOT_FOUND_404);
            response.getHeaders().put(HttpHeader.CONNECTION, CLOSE);
            callback.succeeded();
            return true;
        }
    }

    /** Replaces Jetty's error pages. */
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
