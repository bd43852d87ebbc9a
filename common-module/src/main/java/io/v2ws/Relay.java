package io.v2ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Joins two streams: what one reads the other writes, both ways, until both ways have ended; then closes both. The next
 * chunk is read only when the last one was written, so a slow side slows the other and memory stays bounded.
 *
 * <ul>
 *   <li>The end of one way is passed on as a half-close where the far stream can do that, and the other way stays open as
 *       long as TCP would keep it. Where it cannot, the relay ends when the other way had no traffic for the linger.
 *   <li>A stream that its far end closed entirely takes nothing more: what still comes for it is dropped, for the linger
 *       at most, so that the other stream can end in order.
 *   <li>Any failure aborts both streams: a TCP reset becomes a WebSocket Close 1011, a WebSocket error a TCP reset.
 * </ul>
 */
public final class Relay {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final RelayDirection forth;
    private final RelayDirection back;
    private final ByteStream first;
    private final ByteStream second;
    private final Duration linger;
    private final Scheduler scheduler;
    private final AtomicBoolean finished = new AtomicBoolean();
    private final CompletableFuture<RelayOutcome> outcome = new CompletableFuture<>();

    private Relay(ByteStream first, ByteStream second, Duration linger, Scheduler scheduler, Executor executor) {
        this.first = first;
        this.second = second;
        this.linger = linger;
        this.scheduler = scheduler;
        Turns turns = new Turns(executor);
        this.forth = new RelayDirection(this, first, second, turns);
        this.back = new RelayDirection(this, second, first, turns);
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
        first.closed().thenAccept(end -> relay.gone(relay.back, end));
        second.closed().thenAccept(end -> relay.gone(relay.forth, end));
        relay.forth.iterate();
        relay.back.iterate();
        return relay.outcome;
    }

    /** One way has delivered its last byte: tells the far end, and ends the relay with the second. */
    void ended(RelayDirection way) {
        long end = System.nanoTime();
        way.sink().write(true, EMPTY, Callback.from(() -> told(way, end), x -> notTold(way, end, x)));
    }

    private void told(RelayDirection way, long end) {
        RelayDirection other = other(way);
        if (other.hasEnded()) {
            finish(null);
        } else {
            lingerOver(way, other, end);
        }
    }

    private void notTold(RelayDirection way, long end, Throwable cause) {
        if (cause instanceof StreamEndedException) {
            // The far end has closed already.
            told(way, end);
        } else {
            failed(cause);
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

    /** A stream is gone: nothing can be written to it any more. */
    private void gone(RelayDirection into, StreamOutcome end) {
        if (!end.isClean()) {
            finish(end.failure());
        } else if (!into.hasEnded() && !finished.get()) {
            into.discard();
            later(linger.toNanos(), () -> finish(null));
        }
    }

    void failed(Throwable cause) {
        boolean speaks = cause instanceof IOException && cause.getMessage() != null;
        finish(speaks ? (IOException) cause : new IOException("the connection is closed", cause));
    }

    private void finish(IOException failure) {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        if (failure == null) {
            first.close();
            second.close();
        } else {
            first.abort(failure);
            second.abort(failure);
        }
        first.closed()
                .thenCombine(second.closed(), (one, two) -> result(failure, one, two))
                .thenAccept(outcome::complete);
    }

    private RelayOutcome result(IOException failure, StreamOutcome one, StreamOutcome two) {
        IOException cause = failure != null ? failure : one.failure() != null ? one.failure() : two.failure();
        return new RelayOutcome(forth.bytes(), back.bytes(), cause);
    }

    private RelayDirection other(RelayDirection way) {
        return way == forth ? back : forth;
    }

    private void later(long nanos, Runnable action) {
        scheduler.schedule(action, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1), TimeUnit.MILLISECONDS);
    }
}
