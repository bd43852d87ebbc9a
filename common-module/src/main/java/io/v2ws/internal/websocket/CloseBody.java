package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The body of a Close frame (RFC 6455, 5.5.1 and 7.4).
 *
 * @param code 1005 for an empty body
 * @param reason empty for none
 */
record CloseBody(int code, String reason) {
    /**
     * Reads a body.
     *
     * @throws WebSocketCloseException with the code to fail the connection with: 1002, or 1007 for a bad reason text
     */
    static CloseBody parse(ByteBuffer body) throws WebSocketCloseException {
        if (!body.hasRemaining()) {
            return new CloseBody(WebSocketCloseException.NO_CODE, "");
        }
        if (body.remaining() == 1) {
            throw violation("a Close frame with a body of one byte");
        }
        int code = body.getShort() & 0xffff;
        if (!mayBeSent(code)) {
            throw violation("a Close frame with the code " + code);
        }
        try {
            return new CloseBody(
                    code, StandardCharsets.UTF_8.newDecoder().decode(body).toString());
        } catch (CharacterCodingException notUtf8) {
            throw new WebSocketCloseException(
                    WebSocketCloseException.INVALID_DATA, "the reason of a Close frame is no UTF-8", notUtf8);
        }
    }

    /** Whether a code may stand in a frame: registered at IANA, or of a library (3000s) or an application (4000s). */
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private static WebSocketCloseException violation(String what) {
        return new WebSocketCloseException(WebSocketCloseException.PROTOCOL_ERROR, what, null);
    }
}
