package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;

/**
 * Answers pings without ever waiting: one pong on its way and one behind it. A newer ping replaces the one behind, as
 * RFC 6455, 5.5.3 allows; so a peer that floods pings and does not read the pongs costs two small buffers.
 */
final class PongReply implements Callback {
    private final FrameEngine engine;
    private boolean sending;
    private long received;
    private ByteBuffer waiting;

    PongReply(FrameEngine engine) {
        this.engine = engine;
    }

    /** Answers a ping; {@code payload} is a copy. */
    void reply(ByteBuffer payload) {
        synchronized (this) {
            received++;
            if (sending) {
                waiting = payload;
                return;
            }
            sending = true;
        }
        engine.sendPong(payload, this);
    }

    /** How many pings came so far. */
    long received() {
        synchronized (this) {
            return received;
        }
    }

    @Override
    public void succeeded() {
        ByteBuffer next;
        synchronized (this) {
            next = waiting;
            waiting = null;
            sending = next != null;
        }
        if (next != null) {
            engine.sendPong(next, this);
        }
    }

    @Override
    public void failed(Throwable cause) {
        // The connection is ending, which the stream hears of by itself; later pings need no answer.
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
