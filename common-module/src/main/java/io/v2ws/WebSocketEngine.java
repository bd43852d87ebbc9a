package io.v2ws;

/** What does the framing of a WebSocket. Streams behave the same on all. */
public enum WebSocketEngine {
    /** v2ws itself, on Jetty's connections: the fast one. Needs Jetty's own classes. */
    DIRECT,
    /** Jetty's WebSocket layer. Frames of more than 2^31-1 bytes fail with 1009. */
    JETTY,
    /**
     * The framing of {@link #DIRECT} on the connections of other servlet containers: on those of Tomcat, or else
     * through {@code jakarta.servlet.http.HttpUpgradeHandler}. For servers only. The Servlet API has no reset of a
     * connection, and does not tell what the network has taken.
     */
    SERVLET
}
