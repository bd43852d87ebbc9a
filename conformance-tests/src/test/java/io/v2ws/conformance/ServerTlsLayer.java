package io.v2ws.conformance;

/** Who does the TLS of the server under test. */
enum ServerTlsLayer {
    NONE,
    /** The connector of Jetty, as in an application that knows of no other. */
    JETTY,
    /** {@link io.v2ws.server.TunnelServerConnector}. */
    V2WS
}
