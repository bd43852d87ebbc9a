package io.v2ws.internal.net;

/** The name of a server in TLS: the name that a client sends (SNI) and verifies. */
public final class ServerName {
    private ServerName() {}

    /**
     * Returns the name in ASCII, without the dot at the end of a fully qualified name. An address literal is returned
     * as it is: a client sends no SNI for an address, and verifies the address.
     *
     * @throws IllegalArgumentException if the text is neither a host name nor an address
     */
    public static String parse(String text) {
        try {
            if (text.indexOf('%') < 0) {
                return HostName.withoutDot(HostName.parse(text));
            }
        } catch (IllegalArgumentException notAName) {
            // The message below says what was expected.
        }
        throw new IllegalArgumentException(
                "expected a host name without a port, such as \"example.org\", got " + Printable.quoted(text));
    }

    /** Whether the name is an address literal, for which TLS has no SNI. */
    public static boolean isAddress(String name) {
        return IpLiteral.parse(name) != null;
    }
}
