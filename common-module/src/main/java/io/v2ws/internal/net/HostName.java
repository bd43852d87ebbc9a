package io.v2ws.internal.net;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Host names and addresses in URLs, links, files and on the command line: the one parser for all of them. {@link
 * java.net.URI#getHost} accepts neither underscores, which are usual in container networks, nor international names.
 */
public final class HostName {
    private static final int LONGEST = 253;
    private static final String LABEL = "[A-Za-z0-9_][A-Za-z0-9_-]{0,62}";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

    /** What the system would read as an address: {@code 127.1} is 127.0.0.1. */
    private static final Pattern NUMBERS = Pattern.compile("[0-9]{1,10}(?:\\.[0-9]{1,10})*");

    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private HostName() {}

    /**
     * Returns the form that DNS takes: an international name as IDNA 2003 encodes it, every other name and an address
     * literal as it is. A dot at the end stays: it tells the resolver to add no search domain.
     *
     * @param text a name, or an address without brackets; an IPv6 address may have a zone
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static String parse(String text) {
        if (text.indexOf(':') >= 0) {
            int percent = text.indexOf('%');
            boolean zone =
                    percent < 0 || ZONE.matcher(text.substring(percent + 1)).matches();
            if (zone && IpLiteral.parse(percent < 0 ? text : text.substring(0, percent)) != null) {
                return text;
            }
        } else if (IpLiteral.parse(text) != null) {
            return text;
        } else {
            String ascii = ascii(text);
            String name = withoutDot(ascii);
            if (name.length() <= LONGEST
                    && NAME.matcher(name).matches()
                    && !NUMBERS.matcher(name).matches()) {
                return ascii;
            }
        }
        throw new IllegalArgumentException(
                "expected a host name such as \"example.org\" or an address, got " + Printable.quoted(text));
    }

    /** Returns the text in ASCII; empty if it has no such form. */
    private static String ascii(String text) {
        try {
            return IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException notAName) {
            return "";
        }
    }

    /** Returns the name that {@code Host}, SNI and certificates have: without the dot at the end. */
    public static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /**
     * Returns a text for people, with the international form behind it if the host in it has one: {@code
     * xn--bcher-kva.example:22 (bücher.example)}.
     *
     * @param text has the host, for example in a URL
     * @param host as {@link #parse} returns it
     */
    public static String withUnicode(String text, String host) {
        if (!host.toLowerCase(Locale.ROOT).contains("xn--")) {
            return text;
        }
        String international = IDN.toUnicode(host, IDN.ALLOW_UNASSIGNED);
        return international.equals(host) ? text : text + " (" + Printable.escape(international) + ")";
    }
}
