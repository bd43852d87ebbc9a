package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;

/** The relay that a rule is checked on: our server with its forwarder, or our client with its local forwarder. */
enum RelayUnderTest {
    DIRECT_SERVER(() -> new ServerRelays(WebSocketEngine.DIRECT, ServerTlsLayer.NONE)),
    JETTY_SERVER(() -> new ServerRelays(WebSocketEngine.JETTY, ServerTlsLayer.NONE)),
    DIRECT_SERVER_BEHIND_JETTYS_TLS(() -> new ServerRelays(WebSocketEngine.DIRECT, ServerTlsLayer.JETTY)),
    JETTY_SERVER_BEHIND_JETTYS_TLS(() -> new ServerRelays(WebSocketEngine.JETTY, ServerTlsLayer.JETTY)),
    DIRECT_SERVER_WITH_TLS(() -> new ServerRelays(WebSocketEngine.DIRECT, ServerTlsLayer.V2WS)),
    JETTY_SERVER_WITH_TLS(() -> new ServerRelays(WebSocketEngine.JETTY, ServerTlsLayer.V2WS)),
    TOMCAT_SERVER(() -> new ServletRelays(ServletServer.Container.TOMCAT, false)),
    TOMCAT_SERVER_WITH_TLS(() -> new ServletRelays(ServletServer.Container.TOMCAT, true)),
    UNDERTOW_SERVER(() -> new ServletRelays(ServletServer.Container.UNDERTOW, false)),
    DIRECT_CLIENT(() -> new ClientRelays(WebSocketEngine.DIRECT, false)),
    JETTY_CLIENT(() -> new ClientRelays(WebSocketEngine.JETTY, false)),
    DIRECT_CLIENT_WITH_TLS(() -> new ClientRelays(WebSocketEngine.DIRECT, true)),
    JETTY_CLIENT_WITH_TLS(() -> new ClientRelays(WebSocketEngine.JETTY, true));

    /** Starts the relays. */
    @FunctionalInterface
    private interface Start {
        Relays relays() throws Exception;
    }

    private final Start start;

    RelayUnderTest(Start start) {
        this.start = start;
    }

    boolean isServer() {
        return name().contains("SERVER");
    }

    Relays newRelays() throws Exception {
        return start.relays();
    }
}
