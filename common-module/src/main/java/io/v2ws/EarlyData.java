package io.v2ws;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The codec of early data: the first bytes of a stream as base64url text without padding (RFC 4648, section 5), small
 * enough to ride in an upgrade request. Pure functions; safe for any thread.
 */
public final class EarlyData {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private EarlyData() {}

    /**
     * Takes the first bytes of a write: at most {@code maxBytes}, by advancing the position of {@code write}; the rest
     * stays in it and belongs into the first frame.
     *
     * @param write what is written first; its position is advanced
     * @param maxBytes 0 or more
     * @return the bytes taken, encoded; empty when there are none
     */
    public static String split(ByteBuffer write, int maxBytes) {
        byte[] taken = new byte[Math.min(write.remaining(), maxBytes)];
        write.get(taken);
        return encode(taken);
    }

    /** Encodes bytes as base64url without padding. */
    public static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /**
     * Decodes early data, tolerant as Xray is: {@code +} and {@code /} count as {@code -} and {@code _}, padding may be
     * there or not.
     *
     * @param text what came in the path or the header, 0 or more characters
     * @return the bytes
     * @throws IllegalArgumentException if the text is no base64 in either alphabet; the message holds no part of it
     */
    public static byte[] decode(String text) {
        byte[] symbols = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = withoutPadding(symbols);
        for (int i = 0; i < length; i++) {
            byte symbol = symbols[i];
            if (symbol == '+') {
                symbols[i] = '-';
            } else if (symbol == '/') {
                symbols[i] = '_';
            } else if (symbol == '=') {
                throw new IllegalArgumentException("padding in the middle of the text");
            }
        }
        try {
            return DECODER.decode(length == symbols.length ? symbols : Arrays.copyOf(symbols, length));
        } catch (IllegalArgumentException x) {
            // The decoder's message quotes the text.
            throw new IllegalArgumentException("not base64url");
        }
    }

    private static int withoutPadding(byte[] symbols) {
        int length = symbols.length;
        while (length > 0 && symbols[length - 1] == '=' && symbols.length - length < 2) {
            length--;
        }
        return length;
    }
}
