package io.v2ws.internal.websocket;

import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.Deadline;
import io.v2ws.internal.io.HeadroomChunk;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A {@link WebSocketStream} over any {@link FrameEngine}: the one place that owns the rules of the stream (F2 to F6, F9,
 * F10 of the wire contract). The engine calls the {@code on…} methods, one at a time for what it reads.
 */
final class FramedStream implements WebSocketStream {
    /** How long the Close frame of an aborted stream waits for a piece of a write that is on its way (F6). */
    private static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NO_CODE = 1005;
    private static final int INTERNAL_ERROR = 1011;

    private final FrameEngine engine;
    private final WebSocketTransportOptions options;
    private final StreamInput input;
    private final StreamOutput output;
    private final Keepalive keepalive;
    private final HalfClose halfClose;
    private final PongReply pongReply;
    private final Pings pings;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** Whether the end has begun, on either side. */
    private final AtomicBoolean ending = new AtomicBoolean();

    /** Whether the end is one with an error, which nothing may cut short. */
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Whether the connection has ended. */
    private final AtomicBoolean gone = new AtomicBoolean();

    private final Deadline deadline;
    private final AtomicLong bytesIn = new AtomicLong();
    /** Why this stream failed; set once, before {@code closed} completes. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    /** Whether this end has sent Close 1000. */
    private volatile boolean closeSent;

    /** Whether the peer has ended its output by a FIN, without a Close frame (F5). */
    private volatile boolean peerFinished;

    /** Where this stream is registered, or null. */
    private volatile OpenStreams registry;

    private volatile int closeCode = WebSocketCloseException.NO_CLOSE_FRAME;

    /**
     * Makes a stream on an open WebSocket.
     *
     * @param client whether this end is the client
     * @param offer what the upgrade request brought, to a server; its early data is delivered before any frame
     */
    FramedStream(
            FrameEngine engine,
            WebSocketTransportOptions options,
            boolean client,
            UpgradeOffer offer,
            Scheduler scheduler) {
        this.engine = engine;
        this.options = options;
        this.deadline = new Deadline(scheduler);
        ByteBuffer early = offer.earlyData();
        this.input = new StreamInput(early.hasRemaining() ? Content.Chunk.from(early, false) : null, engine::demand);
        this.pings = new Pings(engine, scheduler);
        this.keepalive = new Keepalive(options, scheduler, new Link(), this::linkIsDead);
        this.halfClose =
                new HalfClose(client, options.halfClose(), offer.halfClose(), this::sendEmptyText, this::close);
        this.output = new StreamOutput(engine, keepalive::alive, halfClose::outputEnded);
        this.pongReply = new PongReply(engine);
        bytesIn.set(early.remaining());
    }

    void start() {
        halfClose.start();
        keepalive.start();
    }

    /** Has a registry told when this stream ends; at once if it has. A field instead of a future's callback saves memory. */
    void whenGone(OpenStreams streams) {
        registry = streams;
        if (gone.get()) {
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
        if (!ending.compareAndSet(false, true)) {
            input.discard();
            return;
        }
        cutWhenStuck(options.closeWriteTimeout(), "the last writes did not go out within ");
        input.end(Content.Chunk.EOF);
        input.discard();
        output.afterLastWrite(new StreamEndedException("stream closed by this side"), this::sendClose);
    }

    private void sendClose() {
        closeSent = true;
        engine.sendClose(NORMAL, Callback.from(this::awaitClose, x -> engine.finish()));
    }

    private void awaitClose() {
        if (peerFinished) {
            // The peer's answer cannot come any more.
            engine.finish();
        } else {
            cutAfter(options.closeTimeout(), "the peer did not answer the Close frame within ");
        }
    }

    @Override
    public void abort(Throwable cause) {
        abort(INTERNAL_ERROR, StreamEndedException.aborted(cause));
    }

    /**
     * This end stops: the peer is told by Close 1001, and the stream fails for {@code reason}. A stream whose end has begun
     * goes on with that: its last writes go out.
     */
    void goAway(IOException reason) {
        if (!ending.get()) {
            abort(GOING_AWAY, reason);
        }
    }

    private void abort(int code, IOException reason) {
        boolean graceful = ending.getAndSet(true);
        if (failing.compareAndSet(false, true) && !gone.get()) {
            fail(code, reason, graceful);
        }
        input.discard();
    }

    /** Fails the stream and tells the peer, unless the end has begun and the peer was told something else. */
    private void fail(int code, IOException reason, boolean alreadyEnding) {
        failWith(reason);
        if (alreadyEnding) {
            cut();
        } else {
            sendLast(code);
        }
    }

    /**
     * Sends the Close frame of a stream that fails, behind what was written before, and ends the connection behind it. Where
     * a piece of a write is stuck there is no long wait: the frame that ends in its middle tells the peer enough.
     */
    private void sendLast(int code) {
        Duration time = output.isWriting() ? ABORT_GRACE : options.closeWriteTimeout();
        cutAfter(time, "the Close frame did not go out within ");
        engine.sendClose(code, Callback.from(engine::finish, x -> engine.reset()));
    }

    /**
     * Ends the connection now. A FIN lets the kernel deliver what it has, and in the middle of a frame it is an error to every
     * peer. Between two frames many take it for an end in order; where that is wrong, only a reset tells.
     */
    private void cut() {
        boolean looksWhole = !engine.isInsideFrame();
        boolean isWhole = closeSent || !(failing.get() || output.isLost() || output.isWriting());
        if (looksWhole && !isWhole) {
            engine.reset();
        } else {
            engine.finish();
        }
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
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
        return closeCode;
    }

    // What the engine calls

    void onBinary(Content.Chunk payload) {
        keepalive.alive();
        halfClose.dataReceived();
        bytesIn.addAndGet(payload.remaining());
        input.offer(payload);
    }

    /** Text, whole or in part; only an empty message means anything (F9). */
    void onText(boolean emptyMessage) {
        keepalive.alive();
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
        closeCode = code;
        ending.set(true);
        // From here on the engine answers, within the deadline below; an abort has nothing to add.
        failing.set(true);
        if (code == NORMAL || code == NO_CODE) {
            output.fail(new StreamEndedException("stream closed by the peer"));
            input.end(Content.Chunk.EOF);
        } else {
            failWith(new WebSocketCloseException(code, reason, null));
        }
        cutAfter(options.closeTimeout(), "the connection did not end after the peer's Close frame within ");
    }

    /**
     * The peer has ended TCP in order at the border of two messages, without a Close frame: the end of the stream for the
     * reader, and the other direction stays open. Between two v2ws ends it is an error, as they always send one (F5).
     */
    void onPeerFinished() {
        if (halfClose.isAgreed() && ending.compareAndSet(false, true)) {
            failing.set(true);
            failWith(new WebSocketCloseException(
                    WebSocketCloseException.NO_CLOSE_FRAME, "a v2ws peer ended without a Close frame", null));
            engine.finish();
            return;
        }
        peerFinished = true;
        pings.fail(new IOException("the peer has ended its output, no pong can come"));
        input.finished();
        if (closeSent) {
            engine.finish();
        }
    }

    /** The peer broke the protocol: it is told, and the stream fails. */
    void onViolation(WebSocketCloseException violation) {
        boolean alreadyEnding = ending.getAndSet(true);
        failing.set(true);
        fail(violation.code(), violation, alreadyEnding);
    }

    /** The peer ended its output inside a message: it is told, as a FIN alone would look to it like an end in order (F5). */
    void onTruncated(IOException cause) {
        boolean alreadyEnding = ending.getAndSet(true);
        failing.set(true);
        fail(
                PROTOCOL_ERROR,
                new WebSocketCloseException(WebSocketCloseException.NO_CLOSE_FRAME, cause.getMessage(), cause),
                alreadyEnding);
    }

    /**
     * The connection is gone.
     *
     * @param code how the engine sees it: the code it failed the connection with, or 1006
     * @param cause what broke it, or null
     */
    void onDisconnected(int code, String reason, Throwable cause) {
        if (!gone.compareAndSet(false, true)) {
            return;
        }
        ending.set(true);
        keepalive.stop();
        deadline.end();
        if (closeCode == WebSocketCloseException.NO_CLOSE_FRAME && !closeSent) {
            failWith(new WebSocketCloseException(code, reason, cause));
        }
        IOException known = failure.get();
        IOException last = known == null ? new StreamEndedException("stream ended") : known;
        pings.fail(last);
        if (output.fail(last)) {
            failure.compareAndSet(null, new IOException("the stream ended before all of it went out"));
        }
        OpenStreams registered = registry;
        if (registered != null) {
            // First: whoever closes the client when it hears of the end need not wait for this stream.
            registered.remove(this);
        }
        closed.complete(new StreamOutcome(bytesIn(), bytesOut(), failure.get(), closeCode));
    }

    private void failWith(IOException reason) {
        failure.compareAndSet(null, reason);
        input.end(Content.Chunk.from(reason, true));
        output.fail(reason);
    }

    private void linkIsDead(Duration silence) {
        ending.set(true);
        failing.set(true);
        failWith(new WebSocketCloseException(
                WebSocketCloseException.NO_CLOSE_FRAME,
                "the link is dead: nothing came and nothing went out for " + silence.toMillis() + " ms",
                null));
        engine.reset();
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

    private void sendEmptyText() {
        keepalive.sending();
        engine.sendEmptyText(Callback.NOOP);
    }

    /** As {@link #cutAfter}, but every byte that the network takes gives the rest as much time again. */
    private void cutWhenStuck(Duration time, String what) {
        long before = progress();
        deadline.set(time, () -> {
            if (progress() > before) {
                cutWhenStuck(time, what);
            } else {
                cutNow(what, time);
            }
        });
    }

    private long progress() {
        return output.bytesOut() + engine.bytesFlushed();
    }

    private void cutAfter(Duration time, String what) {
        deadline.set(time, () -> cutNow(what, time));
    }

    private void cutNow(String what, Duration time) {
        failure.compareAndSet(null, new IOException(what + time.toMillis() + " ms"));
        cut();
    }
}
