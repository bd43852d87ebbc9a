package io.v2ws;

import java.net.SocketAddress;

/**
 * A byte stream carried by the binary messages of a WebSocket (RFC 6455). Message and frame boundaries carry no
 * meaning, text messages are discarded, pings are answered.
 *
 * <ul>
 *   <li>The input ends with EOF when the peer closed with code 1000 or without a code, or half-closed; with a
 *       {@link WebSocketCloseException} in every other case, so that a truncated stream is never taken for a whole one.
 *   <li>{@link #close()} sends what was written, then Close 1000, and waits for the peer's Close; {@link #abort} sends
 *       Close 1011. Both are bounded by {@link WebSocketTransportOptions#closeWriteTimeout} and
 *       {@link WebSocketTransportOptions#closeTimeout}.
 *   <li>Half-close is a v2ws extension: {@link #canHalfClose()} is true once both ends announced it.
 *   <li>Several threads may write; each write goes out whole, in the order of the calls.
 * </ul>
 */
public interface WebSocketStream extends ByteStream {

    /** The address of this end's socket; null where there is none (yet). */
    SocketAddress localAddress();

    /** The address of the peer's socket, which may be a proxy's; null where there is none (yet). */
    SocketAddress remoteAddress();
}
