package io.v2ws.testing.peers;

/**
 * The WebSocket connection between two programs, as both ends are configured for it. Its path is {@link #PATH}, its
 * certificates are those of {@link io.v2ws.testing.TestCertificates}.
 *
 * @param mode where early data travels
 * @param tls whether there is TLS
 * @param carried the proxy protocol inside; {@link #RAW} for none
 */
public record Link(EarlyDataMode mode, boolean tls, String carried) {
    public static final String PATH = "/tunnel";
    public static final String RAW = "raw TCP";
    public static final String VLESS = "vless";
    public static final String TROJAN = "trojan";

    /** A URL of a server on this machine. */
    public String url(int port) {
        return (tls ? "wss" : "ws") + "://127.0.0.1:" + port + PATH;
    }
}
