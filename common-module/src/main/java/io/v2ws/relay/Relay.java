package io.v2ws.relay;

import io.v2ws.ByteStream;
import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.FairExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Joins two streams: what one reads the other writes, both ways, until both ways have ended; then closes both. The next
 * chunk is read only when the last one was written, so a slow side slows the other and memory stays bounded.
 *
 * <ul>
 *   <li>The end of one way is passed on as a half-close where the far stream can do that, and the other way stays open
 *       as long as TCP would keep it. Where it cannot, the relay ends when the other way had no traffic for the linger.
 *   <li>A stream that its far end closed entirely, or that is broken, takes nothing more: what still comes for it is
 *       dropped. What it brought before is delivered first, however slowly the other stream takes it.
 *   <li>Then an end in order closes the other stream, and a failure aborts it: a TCP reset becomes a WebSocket Close
 *       1011, a WebSocket error a TCP reset.
 * </ul>
 */
public final class Relay {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Ends ends = new Ends();
    private final RelayDirection forth;
    private final RelayDirection back;
    private final ByteStream first;
    private final ByteStream second;
    private final Duration linger;
    private final Scheduler scheduler;
    private final AtomicBoolean finished = new AtomicBoolean();
    /** The first thing that went wrong; acted upon when everything was delivered. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    /** The stream that was the first to fail a write. */
    private final AtomicReference<ByteStream> broken = new AtomicReference<>();

    private final CompletableFuture<RelayOutcome> outcome = new CompletableFuture<>();

    private Relay(ByteStream first, ByteStream second, Duration linger, Scheduler scheduler, Executor executor) {
        this.first = first;
        this.second = second;
        this.linger = linger;
        this.scheduler = scheduler;
        FairExecutor turns = new FairExecutor(executor);
        this.forth = new RelayDirection(ends, first, second, turns);
        this.back = new RelayDirection(ends, second, first, turns);
    }

    /**
     * Starts to relay; from now on both streams belong to the relay.
     *
     * @param linger see {@link WebSocketTransportOptions#halfCloseLinger}
     * @param scheduler for the linger
     * @param executor takes over from a network thread that has been busy with one relay for a while
     * @return completes, always normally, when both streams are closed
     */
    public static CompletableFuture<RelayOutcome> start(
            ByteStream first, ByteStream second, Duration linger, Scheduler scheduler, Executor executor) {
        Relay relay = new Relay(first, second, linger, scheduler, executor);
        first.closed().thenAccept(end -> relay.gone(relay.forth, relay.back, end));
        second.closed().thenAccept(end -> relay.gone(relay.back, relay.forth, end));
        relay.forth.iterate();
        relay.back.iterate();
        return relay.outcome;
    }

    private void told(RelayDirection way, long end) {
        RelayDirection other = other(way);
        if (other.hasEnded() || isOver(way.source())) {
            finish(failure.get());
        } else {
            lingerOver(way, other, end);
        }
    }

    /** Whether nothing can go to this stream any more. */
    private boolean isOver(ByteStream stream) {
        return stream.closed().isDone() || broken.get() == stream;
    }

    private void notTold(RelayDirection way, long end, Throwable cause) {
        if (cause instanceof StreamEndedException) {
            // The far end has closed already.
            told(way, end);
        } else {
            ends.sinkFailed(way, cause);
        }
    }

    /** Ends the relay once the other way is idle, unless the end of {@code way} can be told to its far end. */
    private void lingerOver(RelayDirection way, RelayDirection other, long end) {
        if (finished.get() || other.hasEnded() || way.sink().canHalfClose()) {
            return;
        }
        long left = linger.toNanos() - Math.min(other.idleNanos(), System.nanoTime() - end);
        if (left <= 0) {
            finish(null);
        } else {
            later(left, () -> lingerOver(way, other, end));
        }
    }

    /**
     * A stream is gone: what comes for it is dropped, and the relay ends once what it brought was delivered.
     *
     * @param from the way that begins at it
     * @param into the way that leads to it
     */
    private void gone(RelayDirection from, RelayDirection into, StreamOutcome end) {
        into.discard();
        if (!end.isClean()) {
            failure.compareAndSet(null, end.failure());
        }
        if (from.hasEnded()) {
            finish(failure.get());
        }
    }

    private static IOException speaking(Throwable cause) {
        return cause instanceof IOException io && io.getMessage() != null
                ? io
                : new IOException("the connection is closed", cause);
    }

    private void finish(IOException cause) {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        if (cause == null) {
            first.close();
            second.close();
        } else {
            first.abort(cause);
            second.abort(cause);
        }
        first.closed()
                .thenCombine(second.closed(), (one, two) -> result(cause, one, two))
                .thenAccept(outcome::complete);
    }

    private RelayOutcome result(IOException cause, StreamOutcome one, StreamOutcome two) {
        IOException reason = cause != null ? cause : one.failure() != null ? one.failure() : two.failure();
        return new RelayOutcome(
                forth.bytes(),
                back.bytes(),
                reason,
                one.discardedText() + two.discardedText(),
                one.isWithoutCloseFrame() || two.isWithoutCloseFrame());
    }

    private RelayDirection other(RelayDirection way) {
        return way == forth ? back : forth;
    }

    private void later(long nanos, Runnable action) {
        scheduler.schedule(action, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1), TimeUnit.MILLISECONDS);
    }

    /** What the two ways tell. */
    private final class Ends implements RelayDirection.Listener {
        /** One way has delivered its last byte: tells the far end, and ends the relay with the second. */
        @Override
        public void ended(RelayDirection way) {
            long end = System.nanoTime();
            way.sink().write(true, EMPTY, Callback.from(() -> told(way, end), x -> notTold(way, end, x)));
        }

        @Override
        public void sinkFailed(RelayDirection way, Throwable cause) {
            failure.compareAndSet(null, speaking(cause));
            broken.compareAndSet(null, way.sink());
            if (other(way).hasEnded()) {
                finish(failure.get());
            }
        }

        @Override
        public void sourceFailed(Throwable cause) {
            failure.compareAndSet(null, speaking(cause));
            finish(failure.get());
        }
    }
}
