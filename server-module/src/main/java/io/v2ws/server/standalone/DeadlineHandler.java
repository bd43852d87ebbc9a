package io.v2ws.server.standalone;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells the {@link DeadlineEndPoint} of a connection when request heads have arrived, and when the next may come. */
final class DeadlineHandler extends Handler.Wrapper {

    DeadlineHandler(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        EndPoint upper = request.getConnectionMetaData().getConnection().getEndPoint();
        DeadlineEndPoint endPoint = DeadlineEndPoint.below(upper);
        if (endPoint == null) {
            return super.handle(request, response, callback);
        }
        endPoint.headArrived();
        return super.handle(request, response, new Answered(endPoint, response, callback));
    }

    /** The end of a response. Jetty reads the next head behind {@code callback}. */
    private record Answered(DeadlineEndPoint endPoint, Response response, Callback callback) implements Callback {
        @Override
        public void succeeded() {
            boolean ends = response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101
                    || response.getHeaders().contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            if (!ends) {
                endPoint.expectNextHead();
            }
            callback.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            callback.failed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return callback.getInvocationType();
        }
    }
}
