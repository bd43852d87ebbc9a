package io.v2ws.system;

/**
 * The WebSocket connection between a peer and us, as both ends are configured for it.
 *
 * @param mode where early data travels
 * @param tls whether there is TLS
 * @param carried the proxy protocol inside; {@link #RAW} for none
 */
record Link(Mode mode, boolean tls, String carried) {
    static final String PATH = "/tunnel";
    static final String RAW = "raw TCP";
    static final String VLESS = "vless";
    static final String TROJAN = "trojan";

    /** A URL of our own end on this machine. */
    String url(int port) {
        return (tls ? "wss" : "ws") + "://127.0.0.1:" + port + PATH;
    }
}
