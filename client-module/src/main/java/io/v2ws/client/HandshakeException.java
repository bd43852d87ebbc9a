package io.v2ws.client;

import io.v2ws.internal.io.StreamFailures;
import io.v2ws.internal.net.Printable;
import java.io.IOException;

/** The server, or a proxy on the way, refused the upgrade. The client does not retry. */
@SuppressWarnings("exports") // Copyable is not part of the API.
public final class HandshakeException extends IOException implements StreamFailures.Copyable {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final String hint;

    /**
     * Makes the exception.
     *
     * @param status the HTTP status, 0 if no response came
     * @param reason the reason phrase, or what was wrong with the response
     * @param hint what the user can do; empty for none
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

    /** The HTTP status; 101 if the response violated RFC 6455, 0 if no response came. */
    public int status() {
        return status;
    }

    /** The reason phrase, or what was wrong with the response; as received, unescaped. */
    public String reason() {
        return reason;
    }

    /** What the user can do; empty for none. */
    public String hint() {
        return hint;
    }
}
