package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;

/** The end of the WebSocket that a rule is checked on: a role of the product on one of its engines. */
enum EndUnderTest {
    DIRECT_SERVER(WebSocketEngine.DIRECT, true, false),
    JETTY_SERVER(WebSocketEngine.JETTY, true, false),
    DIRECT_CLIENT(WebSocketEngine.DIRECT, false, false),
    JETTY_CLIENT(WebSocketEngine.JETTY, false, false),
    /** The raw client announces half-close in its {@code Sec-WebSocket-Key}. */
    DIRECT_SERVER_TOLD_BY_KEY(WebSocketEngine.DIRECT, true, true),
    JETTY_SERVER_TOLD_BY_KEY(WebSocketEngine.JETTY, true, true),
    TOMCAT_SERVER(ServletServer.Container.TOMCAT, WebSocketEngine.SERVLET, true, false),
    TOMCAT_SERVER_TOLD_BY_KEY(ServletServer.Container.TOMCAT, WebSocketEngine.SERVLET, true, true),
    /** On the Servlet API alone, which knows no half-close and no reset of a connection. */
    UNDERTOW_SERVER(ServletServer.Container.UNDERTOW, WebSocketEngine.SERVLET, true, false);

    private final ServletServer.Container container;

    private final WebSocketEngine engine;
    private final boolean server;
    private final boolean toldByKey;

    EndUnderTest(WebSocketEngine engine, boolean server, boolean toldByKey) {
        this(ServletServer.Container.JETTY, engine, server, toldByKey);
    }

    EndUnderTest(ServletServer.Container container, WebSocketEngine engine, boolean server, boolean toldByKey) {
        this.container = container;
        this.engine = engine;
        this.server = server;
        this.toldByKey = toldByKey;
    }

    boolean isServer() {
        return server;
    }

    /** Whether the engine is Jetty's, which has limits of its own (notes of the wire contract). */
    boolean runsOnJetty() {
        return engine == WebSocketEngine.JETTY;
    }

    /** Whether the buffers of tunnels are the container's. */
    boolean sharesBuffers() {
        return engine != WebSocketEngine.SERVLET;
    }

    /** Whether the tunnels run on the Servlet API alone. */
    boolean runsOnServletApi() {
        return container == ServletServer.Container.UNDERTOW;
    }

    boolean isToldByKey() {
        return toldByKey;
    }

    Rig newRig() throws Exception {
        return server ? new ServerRig(container, engine, toldByKey) : new ClientRig(engine);
    }
}
