package io.v2ws.internal.websocket;

import io.v2ws.HostAndPort;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.HeadroomChunk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link WebSocketStream} over any {@link FrameEngine}: what it carries and answers (F2, F3, F9, F10 of the wire
 * contract). {@link StreamEnding} has the rules of its end (F4 to F6). The engine calls the {@code on…} methods, one at
 * a time for what it reads.
 */
final class FramedStream implements WebSocketStream {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketStream.class);

    private final FrameEngine engine;
    private final StreamInput input;
    private final StreamOutput output;
    private final Keepalive keepalive;
    private final HalfClose halfClose;
    private final PongReply pongReply;
    private final Pings pings;
    private final StreamEnding ending;
    private final AtomicLong bytesIn = new AtomicLong();
    /** Written by the thread that reads, one at a time. */
    private volatile long discardedText;

    /** Where this stream is registered, or null. */
    private volatile OpenStreams registry;

    /**
     * Makes a stream on an open WebSocket.
     *
     * @param role which end of the WebSocket this is
     * @param offer what the upgrade request brought, to a server; its early data is delivered before any frame
     */
    FramedStream(
            FrameEngine engine, WebSocketTransportOptions options, Role role, UpgradeOffer offer, Scheduler scheduler) {
        this.engine = engine;
        ByteBuffer early = offer.earlyData();
        Content.Chunk first = early.hasRemaining() ? Content.Chunk.from(early, false) : null;
        this.input = new StreamInput(first, engine::demand, this::readerFailed);
        this.pings = new Pings(engine, scheduler);
        this.keepalive = new Keepalive(options, scheduler, new Link(), this::linkIsDead);
        this.halfClose = new HalfClose(role, options.halfClose(), offer.halfClose(), this::sendEmptyText, this::close);
        this.output = new StreamOutput(engine, keepalive::alive, halfClose::outputEnded);
        this.ending = new StreamEnding(engine, options, input, output, scheduler);
        this.pongReply = new PongReply(engine);
        bytesIn.set(early.remaining());
    }

    void start() {
        halfClose.start();
        keepalive.start();
    }

    /**
     * Has a registry told when this stream ends; at once if it has. A field instead of a future's callback saves
     * memory.
     */
    void whenGone(OpenStreams streams) {
        registry = streams;
        if (ending.isGone()) {
            streams.remove(this);
        }
    }

    // What users call

    @Override
    public Content.Chunk read() {
        return input.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        input.demand(demandCallback);
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        keepalive.sending();
        output.write(last, byteBuffer, false, callback);
    }

    @Override
    public void write(Content.Chunk chunk, Callback callback) {
        keepalive.sending();
        output.write(false, chunk.getByteBuffer(), chunk instanceof HeadroomChunk, callback);
    }

    @Override
    public boolean canHalfClose() {
        return halfClose.isAgreed();
    }

    @Override
    public void close() {
        ending.close();
    }

    @Override
    public void abort(Throwable cause) {
        ending.abort(cause);
    }

    /** See {@link StreamEnding#goAway}. */
    void goAway(IOException reason) {
        ending.goAway(reason);
    }

    /** Resets the connection. */
    void cut() {
        engine.reset();
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return ending.closed();
    }

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }

    @Override
    public long bytesOut() {
        return output.bytesOut();
    }

    @Override
    public SocketAddress localAddress() {
        return engine.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return engine.remoteAddress();
    }

    @Override
    public CompletableFuture<Duration> ping(Duration timeout) {
        return pings.measure(timeout);
    }

    @Override
    public long pingsReceived() {
        return pongReply.received();
    }

    @Override
    public int closeCode() {
        return ending.closeCode();
    }

    // What the engine calls

    void onBinary(Content.Chunk payload) {
        keepalive.alive();
        halfClose.dataReceived();
        bytesIn.addAndGet(payload.remaining());
        input.offer(payload);
    }

    /**
     * Text, whole or in part, that is discarded; only an empty message means anything (F9).
     *
     * @param count how many bytes
     */
    void onText(boolean emptyMessage, int count) {
        keepalive.alive();
        if (count > 0 && discardedText == 0) {
            LOG.info(
                    "{} sends text messages, which are discarded as sing-box does; with the server's option text=data"
                            + " they are data, as with Xray and v2ray",
                    remoteAddress() instanceof InetSocketAddress peer ? HostAndPort.of(peer) : "The peer");
        }
        discardedText += count;
        if (emptyMessage && halfClose.emptyTextReceived()) {
            input.end(Content.Chunk.EOF);
        }
        input.skip();
    }

    void onPing(ByteBuffer payload) {
        keepalive.alive();
        pongReply.reply(payload);
        input.skip();
    }

    void onPong(ByteBuffer payload) {
        keepalive.alive();
        pings.pong(payload);
        input.skip();
    }

    /** A frame that carries nothing. */
    void onNothing() {
        keepalive.alive();
        input.skip();
    }

    /** The peer's Close frame; the engine answers it. */
    void onClose(int code, String reason) {
        ending.onClose(code, reason);
    }

    /** The peer has ended TCP in order at the border of two messages, without a Close frame. */
    void onPeerFinished() {
        pings.fail(new IOException("the peer has ended its output, no pong can come"));
        ending.onPeerFinished(halfClose.isAgreed());
    }

    /** The peer broke the protocol. */
    void onViolation(WebSocketCloseException violation) {
        ending.onViolation(violation);
    }

    /** The peer ended its output inside a message, or with TLS without a close_notify. */
    void onTruncated(IOException cause) {
        ending.onTruncated(cause);
    }

    /**
     * The connection is gone.
     *
     * @param code how the engine sees it: the code it failed the connection with, or 1006
     * @param cause what broke it, or null
     */
    void onDisconnected(int code, String reason, Throwable cause) {
        IOException end = ending.onDisconnected(code, reason, cause);
        if (end == null) {
            return;
        }
        keepalive.stop();
        pings.fail(end);
        OpenStreams registered = registry;
        if (registered != null) {
            // First: a callback of the end may close the client, which waits for all streams that are registered.
            registered.remove(this);
        }
        ending.complete(bytesIn(), discardedText);
    }

    /** What keepalive asks and does. */
    private final class Link implements Keepalive.Link {
        @Override
        public boolean isReading() {
            return input.isReading();
        }

        @Override
        public boolean isWriting() {
            return output.isWriting();
        }

        @Override
        public long unconfirmedBytes() {
            return output.bytesOut() - pings.confirmed();
        }

        @Override
        public void ping() {
            pings.keepAlive(output.bytesOut());
        }
    }

    private void readerFailed(Throwable cause) {
        ending.readerFailed(cause);
    }

    private void linkIsDead(Duration silence) {
        ending.linkIsDead(silence);
    }

    private void sendEmptyText() {
        keepalive.sending();
        engine.sendEmptyText(Callback.NOOP);
    }
}
