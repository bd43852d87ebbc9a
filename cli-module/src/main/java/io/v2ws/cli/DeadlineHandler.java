package io.v2ws.cli;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells the {@link DeadlineEndPoint} when a request head has arrived. */
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
        }
        return super.handle(request, response, callback);
    }
}
