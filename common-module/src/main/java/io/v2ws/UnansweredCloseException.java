package io.v2ws;

import java.io.IOException;
import java.time.Duration;

/**
 * A WebSocket whose peer did not answer the Close frame of this end in time. Everything written before was sent, but
 * nothing tells whether the peer has read it.
 */
public final class UnansweredCloseException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param time how long this end waited, see {@link WebSocketTransportOptions#closeTimeout}
     */
    public UnansweredCloseException(Duration time) {
        super("the peer did not answer the Close frame within " + time.toMillis() + " ms");
    }
}
