package io.v2ws.cli;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells the {@link DeadlineEndPoint} when a request head has arrived and when it was answered. */
final class DeadlineHandler extends Handler.Wrapper {
    DeadlineHandler(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        DeadlineEndPoint endPoint = DeadlineEndPoint.below(
                request.getConnectionMetaData().getConnection().getEndPoint());
        if (endPoint != null) {
            endPoint.headArrived();
            request.addHttpStreamWrapper(stream -> new Watched(stream, response, endPoint));
        }
        return super.handle(request, response, callback);
    }

    /** Speaks up before the connection goes on to the next request. */
    private static final class Watched extends HttpStream.Wrapper {
        private final Response response;
        private final DeadlineEndPoint endPoint;

        Watched(HttpStream stream, Response response, DeadlineEndPoint endPoint) {
            super(stream);
            this.response = response;
            this.endPoint = endPoint;
        }

        @Override
        public void succeeded() {
            if (response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
                endPoint.answered();
            }
            super.succeeded();
        }
    }
}
