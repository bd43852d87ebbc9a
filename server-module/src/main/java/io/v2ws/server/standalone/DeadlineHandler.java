package io.v2ws.server.standalone;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells the {@link DeadlineEndPoint} of a connection that its request head has been read. */
final class DeadlineHandler extends Handler.Wrapper {

    DeadlineHandler(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        EndPoint upper = request.getConnectionMetaData().getConnection().getEndPoint();
        DeadlineEndPoint endPoint = DeadlineEndPoint.below(upper);
        if (endPoint != null) {
            endPoint.headArrived();
        }
        return super.handle(request, response, callback);
    }
}
