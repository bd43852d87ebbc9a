package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;

/** The relay that a rule is checked on: our server with its forwarder, or our client with its local forwarder. */
enum RelayUnderTest {
    DIRECT_SERVER(WebSocketEngine.DIRECT, true, false),
    JETTY_SERVER(WebSocketEngine.JETTY, true, false),
    /** As in an application's own Jetty. */
    DIRECT_SERVER_BEHIND_JETTYS_TLS(WebSocketEngine.DIRECT, true, true),
    JETTY_SERVER_BEHIND_JETTYS_TLS(WebSocketEngine.JETTY, true, true),
    DIRECT_CLIENT(WebSocketEngine.DIRECT, false, false),
    JETTY_CLIENT(WebSocketEngine.JETTY, false, false),
    DIRECT_CLIENT_WITH_TLS(WebSocketEngine.DIRECT, false, true),
    JETTY_CLIENT_WITH_TLS(WebSocketEngine.JETTY, false, true);

    private final WebSocketEngine engine;
    private final boolean server;
    private final boolean secure;

    RelayUnderTest(WebSocketEngine engine, boolean server, boolean secure) {
        this.engine = engine;
        this.server = server;
        this.secure = secure;
    }

    boolean isServer() {
        return server;
    }

    Relays newRelays() throws Exception {
        return server ? new ServerRelays(engine, secure) : new ClientRelays(engine, secure);
    }
}
