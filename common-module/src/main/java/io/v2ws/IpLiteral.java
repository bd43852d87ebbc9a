package io.v2ws;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP address literals from outside, read without ever asking a name server. */
public final class IpLiteral {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private IpLiteral() {}

    /** Returns the address, or null if the text is no literal. */
    public static InetAddress parse(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        if (!(v6 ? V6 : V4).matcher(text).matches()) {
            return null;
        }
        try {
            // With brackets an IPv6 literal is all this reads; it is never looked up as a name.
            return InetAddress.getByName(v6 ? "[" + text + "]" : text);
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }
}
