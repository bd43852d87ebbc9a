package io.v2ws.config;

import io.v2ws.internal.net.HostName;
import io.v2ws.internal.net.IpLiteral;
import io.v2ws.internal.net.Printable;
import io.v2ws.internal.net.ServerName;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The pieces of share links: percent-encoding as {@code encodeURIComponent} does it, and hosts. */
final class LinkText {
    /** What {@code encodeURIComponent} leaves as it is. */
    private static final String PLAIN = "-_.!~*'()";

    private LinkText() {}

    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || PLAIN.indexOf(c) >= 0) {
                out.append((char) c);
            } else {
                out.append(String.format("%%%02X", c));
            }
        }
        return out.toString();
    }

    /**
     * Decodes percent-encoded UTF-8. A plus is a plus.
     *
     * @throws IllegalArgumentException if it is none; the message holds nothing of the text
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return requirePrintable(text);
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("expected two hexadecimal digits behind each %, got something else");
            }
            out.put((byte) (high * 16 + low));
            i += 2;
        }
        try {
            return requirePrintable(
                    StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("expected percent-encoded UTF-8, got bytes of another encoding");
        }
    }

    /** Whether a query is what a shell leaves of one without quotes: the first parameter alone. */
    static boolean isCutAtAmpersand(String text) {
        int question = text.indexOf('?');
        return question >= 0 && text.indexOf('=', question) > question && text.indexOf('&') < 0;
    }

    /** Decodes a name, which is for people: one that is badly encoded is taken as it stands. */
    static String lenient(String text) {
        try {
            return decode(text);
        } catch (IllegalArgumentException asItStands) {
            return Printable.escape(text);
        }
    }

    private static String requirePrintable(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("expected no control characters, got one");
        }
        return text;
    }

    /**
     * Returns a host as DNS has it, brackets removed.
     *
     * @throws IllegalArgumentException if it cannot be a host
     */
    static String host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        if (bracketed) {
            String literal = text.substring(1, text.length() - 1);
            if (literal.indexOf(':') < 0 || IpLiteral.parse(literal) == null) {
                throw new IllegalArgumentException("expected an IPv6 address between the brackets");
            }
            return literal;
        }
        try {
            return HostName.parse(text);
        } catch (IllegalArgumentException notAName) {
            // The text is not shown: in a broken link it may be a part of the credential.
            throw new IllegalArgumentException("expected a host name or an address (IPv6 in brackets)");
        }
    }

    /** Returns the names of a list with commas, in ASCII; what is empty between commas is left out. */
    static List<String> serverNames(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(ServerName::parse)
                .toList();
    }

    /**
     * Returns the name in a value of {@code Host}, without its port; empty if there is none, or an address.
     *
     * @throws IllegalArgumentException if it cannot be a name for TLS
     */
    static Optional<String> hostName(String host) {
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        boolean literal = name.isEmpty() || name.startsWith("[") || IpLiteral.parse(name) != null;
        if (literal) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServerName.parse(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no TLS server name is given, so this host is taken: " + e.getMessage(), e);
        }
    }
}
