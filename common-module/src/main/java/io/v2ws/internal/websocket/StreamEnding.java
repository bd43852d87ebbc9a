package io.v2ws.internal.websocket;

import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.UnansweredCloseException;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.Deadline;
import io.v2ws.internal.io.WriteProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * How a {@link FramedStream} ends: decides which Close frame goes out and when, how long each step may take, and what
 * the readers and writers of this end are told (F4, F5, F6). Safe for any thread.
 */
final class StreamEnding {
    /** How long the Close frame of an aborted stream waits for a piece of a write that is on its way (F6). */
    private static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    private final FrameEngine engine;
    private final WebSocketTransportOptions options;
    private final StreamInput input;
    private final StreamOutput output;
    private final Deadline deadline;
    private final AtomicReference<StreamState> state = new AtomicReference<>(StreamState.OPEN);
    /** Why the stream failed; set once, before {@code closed} completes. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();

    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** Whether the peer has ended its output by a FIN, without a Close frame (F5). */
    private volatile boolean peerFinished;

    private volatile int closeCode = WebSocketCloseException.NO_CLOSE_FRAME;

    StreamEnding(
            FrameEngine engine,
            WebSocketTransportOptions options,
            StreamInput input,
            StreamOutput output,
            Scheduler scheduler) {
        this.engine = engine;
        this.options = options;
        this.input = input;
        this.output = output;
        this.deadline = new Deadline(scheduler);
    }

    CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    /** The code of the peer's Close frame, or 1006. */
    int closeCode() {
        return closeCode;
    }

    boolean isGone() {
        return state.get() == StreamState.GONE;
    }

    // What this end does

    /** Sends Close 1000 behind what was written. */
    void close() {
        if (!state.compareAndSet(StreamState.OPEN, StreamState.CLOSING)) {
            input.discard();
            return;
        }
        cutWhenStuck(options.closeWriteTimeout(), "the last writes did not go out within ");
        input.end(Content.Chunk.EOF);
        input.discard();
        output.afterLastWrite(new StreamEndedException("stream closed by this side"), this::sendClose);
    }

    private void sendClose() {
        if (state.compareAndSet(StreamState.CLOSING, StreamState.CLOSE_SENT)) {
            engine.sendClose(WebSocketCloseException.NORMAL, Callback.from(this::awaitAnswer, x -> closeNotSent()));
        }
    }

    private void closeNotSent() {
        if (engine.tellsResets()) {
            // The peer's own Close frame may lie unread in front of the reset.
            awaitAnswer();
        } else {
            engine.finish();
        }
    }

    private void awaitAnswer() {
        if (peerFinished) {
            // The peer's answer cannot come any more.
            engine.finish();
        } else {
            Duration time = options.closeTimeout();
            deadline.set(time, () -> cutNow(new UnansweredCloseException(time)));
        }
    }

    /** Ends the stream with an error that the peer can see. */
    void abort(Throwable cause) {
        fail(WebSocketCloseException.INTERNAL_ERROR, StreamEndedException.aborted(cause));
        input.discard();
    }

    /**
     * The callback of a reader threw, so that perhaps nobody reads any more. A stream whose end has begun needs no
     * reader, and goes on.
     */
    void readerFailed(Throwable cause) {
        if (state.get() == StreamState.OPEN) {
            abort(cause);
        }
    }

    /**
     * This end stops: the peer is told by Close 1001, and the stream fails for {@code reason}. A stream whose end has
     * begun goes on with that: its last writes go out.
     */
    void goAway(IOException reason) {
        if (state.compareAndSet(StreamState.OPEN, StreamState.FAILING)) {
            failWith(reason);
            sendLast(WebSocketCloseException.GOING_AWAY);
            input.discard();
        }
    }

    /** Keepalive has given the link up. */
    void linkIsDead(Duration silence) {
        state.getAndUpdate(failing());
        failWith(new WebSocketCloseException(
                WebSocketCloseException.NO_CLOSE_FRAME,
                "the link is dead: nothing came and nothing went out for " + silence.toMillis() + " ms",
                null));
        engine.reset();
    }

    // What the peer does

    /** The peer's Close frame; the engine answers it. */
    void onClose(int code, String reason) {
        closeCode = code;
        state.updateAndGet(now -> now == StreamState.GONE ? now : StreamState.PEER_CLOSED);
        if (code == WebSocketCloseException.NORMAL || code == WebSocketCloseException.NO_CODE) {
            output.fail(new StreamEndedException("stream closed by the peer"));
            input.end(Content.Chunk.EOF);
        } else {
            failWith(new WebSocketCloseException(code, reason, null));
        }
        cutAfter(options.closeTimeout(), "the connection did not end after the peer's Close frame within ");
    }

    /**
     * The peer has ended TCP in order at the border of two messages, without a Close frame: the end of the stream for
     * the reader, and the other direction stays open. Between two v2ws ends it is an error, as they always send one
     * (F5).
     *
     * @param v2ws whether the peer is known to be one
     */
    void onPeerFinished(boolean v2ws) {
        if (v2ws) {
            IOException reason = new WebSocketCloseException(
                    WebSocketCloseException.NO_CLOSE_FRAME, "a v2ws peer ended without a Close frame", null);
            if (state.compareAndSet(StreamState.OPEN, StreamState.FAILING)) {
                failWith(reason);
                engine.finish();
                return;
            }
            // This end is closing: the last writes still go out, but the outcome tells.
            failure.compareAndSet(null, reason);
        }
        peerFinished = true;
        input.finished();
        if (state.get() == StreamState.CLOSE_SENT) {
            engine.finish();
        }
    }

    /** The peer broke the protocol: the peer is told, and the stream fails. */
    void onViolation(WebSocketCloseException violation) {
        fail(violation.code(), violation);
    }

    /**
     * The peer ended its output inside a message: the peer is told, as a FIN alone would look to it like an end in
     * order.
     */
    void onTruncated(IOException cause) {
        fail(
                WebSocketCloseException.PROTOCOL_ERROR,
                new WebSocketCloseException(WebSocketCloseException.NO_CLOSE_FRAME, cause.getMessage(), cause));
    }

    /**
     * The connection has ended.
     *
     * @param code how the engine sees it: the code it failed the connection with, or 1006
     * @param cause what broke it, or null
     * @return what readers and writers are told, or null if this was known before
     */
    IOException onDisconnected(int code, String reason, Throwable cause) {
        StreamState before = state.getAndSet(StreamState.GONE);
        if (before == StreamState.GONE) {
            return null;
        }
        deadline.end();
        boolean brokenAtTheEnd = cause != null && !peerFinished && engine.tellsResets();
        if (closeCode == WebSocketCloseException.NO_CLOSE_FRAME
                && (before != StreamState.CLOSE_SENT || brokenAtTheEnd)) {
            failWith(new WebSocketCloseException(code, reason, cause));
        }
        IOException known = failure.get();
        IOException last = known == null ? new StreamEndedException("stream ended") : known;
        if (output.fail(last)) {
            failure.compareAndSet(null, new IOException("the stream ended before all of it went out"));
        }
        return last;
    }

    /** Tells of the end, as the very last thing. */
    void complete(long bytesIn, long discardedText) {
        closed.complete(new StreamOutcome(bytesIn, output.bytesOut(), failure.get(), closeCode, discardedText));
    }

    // How it is done

    private static UnaryOperator<StreamState> failing() {
        return now -> now.canFail() ? StreamState.FAILING : now;
    }

    /** Fails the stream and tells the peer, unless the end has begun and the peer was told something else. */
    private void fail(int code, IOException reason) {
        StreamState before = state.getAndUpdate(failing());
        if (!before.canFail()) {
            return;
        }
        failWith(reason);
        if (before == StreamState.OPEN) {
            sendLast(code);
        } else {
            cut(before);
        }
    }

    private void failWith(IOException reason) {
        failure.compareAndSet(null, reason);
        input.end(Content.Chunk.from(reason, true));
        output.fail(reason);
    }

    /**
     * Sends the Close frame of a stream that fails, behind what was written before, and ends the connection behind it.
     * Where a piece of a write is stuck there is no long wait: the frame that ends in its middle tells the peer enough.
     */
    private void sendLast(int code) {
        Duration time = output.isWriting() ? ABORT_GRACE : options.closeWriteTimeout();
        cutAfter(time, "the Close frame did not go out within ");
        engine.sendClose(code, Callback.from(engine::finish, x -> engine.reset()));
    }

    /**
     * Ends the connection now. A FIN lets the kernel deliver what it has, and in the middle of a frame it is an error
     * to every peer. Between two frames many peers take it for an end in order; where that is wrong, only a reset
     * tells.
     */
    private void cut(StreamState at) {
        boolean isWhole =
                at == StreamState.CLOSE_SENT || (at == StreamState.CLOSING && !output.isLost() && !output.isWriting());
        if (isWhole || engine.isInsideFrame()) {
            engine.finish();
        } else {
            engine.reset();
        }
    }

    /** As {@link #cutAfter}, but every byte that the network takes gives the rest as much time again. */
    private void cutWhenStuck(Duration time, String what) {
        deadline.extendWhile(
                new WriteProgress(engine::writeAgain, this::taken),
                time,
                () -> cutNow(new IOException(what + time.toMillis() + " ms")));
    }

    private long taken() {
        return output.bytesOut() + engine.bytesFlushed();
    }

    private void cutAfter(Duration time, String what) {
        deadline.set(time, () -> cutNow(new IOException(what + time.toMillis() + " ms")));
    }

    private void cutNow(IOException reason) {
        failure.compareAndSet(null, reason);
        cut(state.get());
    }
}
