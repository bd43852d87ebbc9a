package io.v2ws.client;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what a proxy speaks that is not of the kind its URL says, from the first byte of its answer. */
final class WrongProxy {
    /** What Jetty says of an answer that is no SOCKS5; its number is the first byte. */
    private static final Pattern JETTYS = Pattern.compile("Unsupported SOCKS5 version: (-?[0-9]{1,3})");

    private static final int SOCKS5 = 5;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    private WrongProxy() {}

    /**
     * Returns what to say of a proxy that is not an HTTP proxy.
     *
     * @param proxy its URL
     */
    static IOException noHttp(String proxy, byte first) {
        return new IOException("what answers at " + proxy + " is no HTTP proxy: " + speaks(first));
    }

    /**
     * Returns what to say of a proxy that is not a SOCKS5 proxy.
     *
     * @param dialled the proxy, as {@link Route#dialled()}
     * @param failure of Jetty's, or another
     * @return null if it is another failure
     */
    static IOException noSocks(String dialled, Throwable failure) {
        Matcher jettys = JETTYS.matcher(String.valueOf(failure.getMessage()));
        return jettys.matches()
                ? new IOException(dialled + " is no SOCKS5 proxy: " + speaks((byte) Integer.parseInt(jettys.group(1))))
                : null;
    }

    private static String speaks(byte first) {
        return switch (first) {
            case 'H' -> "it speaks HTTP (is http:// meant?)";
            case SOCKS5 -> "it speaks SOCKS5 (is socks5:// meant?)";
            case TLS_ALERT, TLS_HANDSHAKE -> "it speaks TLS, which v2ws does not speak with a proxy";
            default -> String.format("its answer begins with the byte 0x%02x", first);
        };
    }
}
