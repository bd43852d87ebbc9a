package io.v2ws.internal.net;

import java.nio.charset.StandardCharsets;

/** The path and query of an HTTP request line, kept as written wherever that is legal. */
public final class RequestTarget {
    /** What RFC 3986 allows in a path or query besides letters, digits and percent-encoded octets. */
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

    private RequestTarget() {}

    /**
     * Percent-encodes (as UTF-8) what may not stand in a request line, and nothing else: what is encoded already stays
     * as it is, so that encoding twice changes nothing.
     */
    public static String encode(String target) {
        StringBuilder out = new StringBuilder(target.length() + 16);
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (isLegal(b) || isEncodedOctet(bytes, i)) {
                out.append((char) b);
            } else {
                out.append('%').append(hex(b >> 4)).append(hex(b & 15));
            }
        }
        return out.toString();
    }

    private static boolean isLegal(int b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || LEGAL.indexOf(b) >= 0;
    }

    private static boolean isEncodedOctet(byte[] bytes, int i) {
        return bytes[i] == '%'
                && i + 2 < bytes.length
                && Character.digit(bytes[i + 1], 16) >= 0
                && Character.digit(bytes[i + 2], 16) >= 0;
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble, 16));
    }
}
