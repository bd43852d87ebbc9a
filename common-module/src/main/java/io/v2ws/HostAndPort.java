package io.v2ws;

import io.v2ws.internal.net.HostName;
import io.v2ws.internal.net.Printable;
import java.net.InetSocketAddress;

/**
 * A host name or address literal with a TCP port, as written in configuration: {@code example.com:443},
 * {@code 127.0.0.1:8080}, {@code [::1]:22}. The name is not looked up; it may have underscores, as names of containers
 * do.
 *
 * @param host a name or an address literal, without brackets, never empty. An international name is kept in ASCII, as
 *     IDNA 2003 encodes it ({@link java.net.IDN})
 * @param port 0 to 65,535
 */
public record HostAndPort(String host, int port) {

    /** Checks host and port. */
    public HostAndPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("expected HOST:PORT, got no host");
        }
        host = HostName.parse(host);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535, got " + port);
        }
    }

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (!bracketed && (host.indexOf(':') >= 0 || host.startsWith("[")))) {
            throw new IllegalArgumentException(
                    "expected HOST:PORT (an IPv6 address in brackets), got " + Printable.quoted(text));
        }
        String port = text.substring(colon + 1);
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "expected a port number behind the last colon of " + Printable.quoted(text));
        }
        return new HostAndPort(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    /** Returns a socket address in the form people write, without a look-up; never {@code /127.0.0.1:80}. */
    public static HostAndPort of(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new HostAndPort(host, address.getPort());
    }

    /** Returns the socket address, looked up now; blocking. */
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }

    /** Returns the text for people: as {@link #toString()}, and behind it an international name as it is written. */
    public String toDisplayString() {
        return HostName.withUnicode(toString(), host);
    }

    /** Returns the form {@link #parse} reads. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
