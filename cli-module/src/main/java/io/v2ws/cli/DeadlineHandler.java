package io.v2ws.cli;

import io.v2ws.internal.websocket.Handshake;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells the {@link DeadlineEndPoint} when a request head has arrived, and when an answer is about to go out. */
final class DeadlineHandler extends Handler.Wrapper {
    private final boolean halfClose;

    /**
     * Makes the handler.
     *
     * @param halfClose whether all tunnels know half-close, and so send a frame at once to those who have announced it
     */
    DeadlineHandler(Handler handler, boolean halfClose) {
        super(handler);
        this.halfClose = halfClose;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        EndPoint upper = request.getConnectionMetaData().getConnection().getEndPoint();
        DeadlineEndPoint endPoint = DeadlineEndPoint.below(upper);
        if (endPoint != null) {
            endPoint.headArrived();
        }
        // Not with TLS: there the end of the answer cannot be seen from below.
        if (halfClose && endPoint == upper && announcesHalfClose(request)) {
            request.addHttpStreamWrapper(stream -> new AnswerWatch(stream, endPoint));
        }
        return super.handle(request, response, callback);
    }

    private static boolean announcesHalfClose(Request request) {
        String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
        return key != null && Handshake.announcesHalfClose(key);
    }

    /** Sees the answer pass, before it is written. */
    private static final class AnswerWatch extends HttpStream.Wrapper {
        private final DeadlineEndPoint endPoint;

        AnswerWatch(HttpStream stream, DeadlineEndPoint endPoint) {
            super(stream);
            this.endPoint = endPoint;
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.Response response,
                boolean last,
                ByteBuffer content,
                Callback callback) {
            if (response != null) {
                endPoint.answering(response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101);
            }
            super.send(request, response, last, content, callback);
        }
    }
}
