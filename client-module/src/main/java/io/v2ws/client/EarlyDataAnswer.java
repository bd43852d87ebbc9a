package io.v2ws.client;

/** What the response to an upgrade request with early data tells about the early data. */
public enum EarlyDataAnswer {
    /** The server took it: a v2ws server says so (S19), or the server returned the subprotocol that carried it (S7). */
    TAKEN,
    /** A v2ws server says that it did not take it. The tunnel fails. */
    NOT_TAKEN,
    /** The response does not tell: the server is not v2ws, or something on the way removed what it told. */
    UNKNOWN
}
