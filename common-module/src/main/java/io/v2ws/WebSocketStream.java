package io.v2ws;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A byte stream carried by the binary messages of a WebSocket (RFC 6455). Message and frame boundaries carry no
 * meaning, text messages are discarded, pings are answered.
 *
 * <ul>
 *   <li>The input ends with EOF when the peer closed with code 1000 or without a code, half-closed, or ended TCP in
 *       order between two messages, as mihomo does; with a {@link WebSocketCloseException} in every other case, so that
 *       a truncated stream is never taken for a whole one. What arrived before the end is read first.
 *   <li>After an end of TCP without a Close frame the output stays open as TCP would keep it; {@link #closeCode} stays
 *       1006.
 *   <li>{@link #close()} sends what was written, then Close 1000, and waits for the peer's Close; {@link #abort} sends
 *       Close 1011 behind what was written. Both are bounded by {@link WebSocketTransportOptions#closeWriteTimeout} and
 *       {@link WebSocketTransportOptions#closeTimeout}.
 *   <li>Half-close is a v2ws extension: {@link #canHalfClose()} is true once both ends announced it. Once both
 *       directions have ended, the stream closes by itself.
 *   <li>Several threads may write; each write goes out whole, in the order of the calls.
 * </ul>
 */
public interface WebSocketStream extends ByteStream {

    /** The address of this end's socket; null where there is none (yet). */
    SocketAddress localAddress();

    /** The address of the peer's socket, which may be a proxy's; null where there is none (yet). */
    SocketAddress remoteAddress();

    /**
     * Sends a ping and measures the time until its pong. What the stream carries is not touched. Somebody has to be
     * reading, for nothing is taken from the network without demand. One ping at a time.
     *
     * @param timeout how long to wait for the pong, 1 ms or more
     * @return completes with the time of the round trip, with a {@link java.util.concurrent.TimeoutException} if no
     *     pong came in time, or with an {@link java.io.IOException} if the stream ended first
     * @throws IllegalStateException if a ping is still waited for
     */
    CompletableFuture<Duration> ping(Duration timeout);

    /** Pings that the peer has sent so far, all of them answered by this end. */
    long pingsReceived();

    /**
     * The code of the Close frame that the peer sent: 1005 for one without a code, 1006 while and where none came
     * (RFC 6455, 7.1.5).
     */
    int closeCode();
}
