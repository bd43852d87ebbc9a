package io.v2ws.internal.websocket;

/** Which end of a WebSocket this one is. A client masks its frames and a server does not (RFC 6455, 5.1). */
public enum Role {
    /** The end that has sent the upgrade request. */
    CLIENT,
    /** The end that has answered it. */
    SERVER
}
