package io.v2ws;

/** What does the framing of a WebSocket. Streams behave the same on both. */
public enum WebSocketEngine {
    /** v2ws itself, on Jetty's connections: the fast one. Needs Jetty's own classes, which a WAR does not see. */
    DIRECT,
    /** Jetty's WebSocket layer. Frames of more than 2^31-1 bytes fail with 1009. */
    JETTY
}
