package io.v2ws.internal.websocket;

/**
 * How far the end of a {@link FramedStream} has come (F4 to F6). The state only moves down this list, and the first
 * move decides how the stream ends:
 *
 * <table>
 *   <caption>Transitions</caption>
 *   <tr><th>from</th><th>event</th><th>to</th></tr>
 *   <tr><td>OPEN</td><td>close()</td><td>CLOSING</td></tr>
 *   <tr><td>CLOSING</td><td>the last write is out</td><td>CLOSE_SENT</td></tr>
 *   <tr><td>OPEN, CLOSING, CLOSE_SENT</td><td>abort, violation, truncation, dead link</td><td>FAILING</td></tr>
 *   <tr><td>OPEN</td><td>this end goes away, FIN of a v2ws peer without a Close frame</td><td>FAILING</td></tr>
 *   <tr><td>all but GONE</td><td>the peer's Close frame</td><td>PEER_CLOSED</td></tr>
 *   <tr><td>all</td><td>the connection has ended</td><td>GONE</td></tr>
 * </table>
 */
enum StreamState {
    /** Both directions are open, or as open as the peer's half-close or FIN has left them. */
    OPEN,
    /** This end has closed the stream; its last writes go out, and Close 1000 follows. */
    CLOSING,
    /** Close 1000 is out, the peer's Close is awaited. */
    CLOSE_SENT,
    /** The stream fails: a Close frame with an error code goes out, or the connection is cut. */
    FAILING,
    /** The peer's Close frame has come, and the engine answers it. */
    PEER_CLOSED,
    /** The connection has ended. */
    GONE;

    /** Whether this end may still decide that the stream fails. */
    boolean canFail() {
        return this == OPEN || this == CLOSING || this == CLOSE_SENT;
    }
}
