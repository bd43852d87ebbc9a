package io.v2ws.client;

import io.v2ws.internal.io.StreamFailures;
import io.v2ws.internal.net.Printable;
import java.io.IOException;

/** A tunnel that did not come about: the server, or a proxy on the way, refused the upgrade. Never retried blindly. */
@SuppressWarnings("exports") // Copyable is no part of the API.
public final class HandshakeException extends IOException implements StreamFailures.Copyable {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final String hint;

    /**
     * Makes the exception.
     *
     * @param status the HTTP status that came, 0 for none
     * @param reason the reason phrase, or what was wrong with the answer
     * @param hint what to do about it; empty for none
     * @param cause may be null
     */
    HandshakeException(int status, String reason, String hint, Throwable cause) {
        super(
                "WebSocket upgrade refused: " + (status == 0 ? "" : status + " ") + Printable.shortened(reason)
                        + (hint.isEmpty() ? "" : " (" + hint + ")"),
                cause);
        this.status = status;
        this.reason = reason;
        this.hint = hint;
    }

    @Override
    public HandshakeException copy() {
        return new HandshakeException(status, reason, hint, getCause());
    }

    /** The HTTP status that came; 101 when the answer said yes but broke RFC 6455, 0 when none came. */
    public int status() {
        return status;
    }

    /** The reason phrase, or what was wrong with the answer; as it came, unescaped. */
    public String reason() {
        return reason;
    }

    /** What to do about it; empty for none. */
    public String hint() {
        return hint;
    }
}
