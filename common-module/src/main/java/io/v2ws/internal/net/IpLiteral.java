package io.v2ws.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP address literals from outside, read without ever asking a name server. */
public final class IpLiteral {
    private static final int V4_OCTETS = 4;
    private static final int OCTET_DIGITS = 3;
    private static final int OCTET_MAX = 255;
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private IpLiteral() {}

    /** Returns the address, or null if the text is no literal. */
    public static InetAddress parse(String text) {
        try {
            if (text.indexOf(':') < 0) {
                byte[] octets = octets(text);
                return octets == null ? null : InetAddress.getByAddress(octets);
            }
            // With brackets an IPv6 literal is all this reads; it is never looked up as a name.
            return V6.matcher(text).matches() ? InetAddress.getByName("[" + text + "]") : null;
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    /** Reads an IPv4 address, by hand: every tunnel asks for some. Returns null for anything else. */
    private static byte[] octets(String text) {
        byte[] octets = new byte[V4_OCTETS];
        int at = 0;
        for (int i = 0; i < V4_OCTETS; i++) {
            if (i > 0 && (at == text.length() || text.charAt(at++) != '.')) {
                return null;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && at - start < OCTET_DIGITS) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            // Zeros in front mean octal to some, so they mean nothing here.
            if (at == start || value > OCTET_MAX || at - start > 1 && text.charAt(start) == '0') {
                return null;
            }
            octets[i] = (byte) value;
        }
        return at == text.length() ? octets : null;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
