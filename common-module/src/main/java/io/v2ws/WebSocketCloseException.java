package io.v2ws;

import io.v2ws.internal.io.StreamFailures;
import io.v2ws.internal.net.Printable;
import java.io.IOException;

/**
 * A WebSocket that ended with another close code than 1000, or without a Close frame (code 1006, as RFC 6455 has it).
 */
@SuppressWarnings("exports") // Copyable is no part of the API.
public final class WebSocketCloseException extends IOException implements StreamFailures.Copyable {
    private static final long serialVersionUID = 1L;

    // The codes of RFC 6455, 7.4.1, that this project sends or tells apart.

    /** Normal closure: the end of the stream in order. */
    public static final int NORMAL = 1000;

    /** Going away: a server stops, a client is closed. */
    public static final int GOING_AWAY = 1001;

    /** Protocol error: the far end broke RFC 6455, or ended inside a message. */
    public static final int PROTOCOL_ERROR = 1002;

    /** A Close frame without a code; never sent as one. */
    public static final int NO_CODE = 1005;

    /** The connection ended without a Close frame; never sent as a code. */
    public static final int NO_CLOSE_FRAME = 1006;

    /** Invalid data: the reason of a Close frame is not UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** Message too big: a frame declares an impossible length. */
    public static final int TOO_BIG = 1009;

    /** Internal error: this end, or the service behind it, failed. */
    public static final int INTERNAL_ERROR = 1011;

    private final int code;
    private final String reason;

    /**
     * Makes the exception.
     *
     * @param code the close code, see RFC 6455, section 7.4
     * @param reason the peer's words or an explanation of ours; empty for none
     * @param cause may be null
     */
    public WebSocketCloseException(int code, String reason, Throwable cause) {
        super("WebSocket closed with code " + code + explanation(code, reason), cause);
        this.code = code;
        this.reason = reason;
    }

    private static String explanation(int code, String reason) {
        if (!reason.isEmpty()) {
            return ": " + Printable.escape(reason);
        }
        return switch (code) {
            case GOING_AWAY -> " (the far end goes away)";
            case PROTOCOL_ERROR -> " (the far end found the protocol broken)";
            case NO_CLOSE_FRAME -> " (the connection ended without a Close frame)";
            case INTERNAL_ERROR -> " (the far end failed, or the service behind it)";
            default -> "";
        };
    }

    @Override
    public WebSocketCloseException copy() {
        return new WebSocketCloseException(code, reason, getCause());
    }

    /** The close code. */
    public int code() {
        return code;
    }

    /** The reason as it came, unescaped; empty for none. */
    public String reason() {
        return reason;
    }
}
