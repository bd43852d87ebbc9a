package io.v2ws.tcp;

import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.Deadline;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.TunnelEndPoint;
import io.v2ws.internal.io.WriteProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * How a {@link TcpStream} ends: in order behind its last write, by a reset that waits for what was written before, or
 * by what the network does. Safe for any thread.
 */
final class TcpEnding implements TcpOutput.Listener {
    private static final AtomicReferenceFieldUpdater<TcpEnding, InputDrain> DRAIN =
            AtomicReferenceFieldUpdater.newUpdater(TcpEnding.class, InputDrain.class, "drain");

    private static final Duration CLOSE_WRITE_TIMEOUT = Duration.ofSeconds(15);

    private final TcpEndPoint endPoint;
    private final TcpOutput output;
    private final ByteBufferPool pool;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** The first thing that went wrong. What the connection does once this side has closed it is not among them. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();

    private final Deadline closeDeadline;
    private volatile Duration resetDelay = WebSocketTransportOptions.DEFAULT_RESET_DELAY;
    /** Made when this end has finished, as most of a connection's life needs none. */
    private volatile InputDrain drain;

    private volatile boolean closedHere;
    /** Whether the connection has ended, and the reader that waited then was told. */
    private volatile boolean gone;

    /** Whether the far side has ended its output. */
    private volatile boolean endOfInput;
    /** Why this side has aborted the connection, or null. */
    private volatile IOException aborted;

    private volatile long bytesIn;

    TcpEnding(TcpEndPoint endPoint, ByteBufferPool pool) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.output = new TcpOutput(endPoint, this);
        this.closeDeadline = new Deadline(endPoint.getScheduler());
    }

    TcpOutput output() {
        return output;
    }

    CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    void setResetDelay(Duration delay) {
        resetDelay = delay;
    }

    /** Counts what was read. */
    void read(int bytes) {
        bytesIn += bytes;
    }

    long bytesIn() {
        return bytesIn;
    }

    /** Why this side has aborted the connection, or null. */
    IOException aborted() {
        return aborted;
    }

    /** Whether nothing can be read any more, as the far side has ended its output or this side has closed. */
    boolean isEndOfInput() {
        return endOfInput || closedHere;
    }

    /** The far side has ended its output. */
    void inputEnded() {
        endOfInput = true;
    }

    /**
     * Whether a reader that registers now would hear of nothing any more: Jetty forgets who registers after the end.
     */
    boolean isTold() {
        return gone || closed.isDone();
    }

    /** Whether what still comes is dropped. */
    boolean isDraining() {
        return drain != null;
    }

    // What this side does

    /** See {@link TcpStream#close}. */
    void close() {
        if (closedHere) {
            return;
        }
        closedHere = true;
        if (output.close()) {
            awaitLastWrite();
        } else {
            end();
        }
    }

    private void awaitLastWrite() {
        closeDeadline.extendWhile(
                new WriteProgress(() -> TunnelEndPoint.writeAgain(endPoint), endPoint::bytesFlushed),
                CLOSE_WRITE_TIMEOUT,
                this::lastWriteIsStuck);
    }

    /** What was accepted does not go out, and a clean end would pass what did for the whole. */
    private void lastWriteIsStuck() {
        if (!output.isDrained()) {
            endPoint.close(recorded(
                    new IOException("the last write did not go out within " + CLOSE_WRITE_TIMEOUT.toMillis() + " ms")));
        }
    }

    private void end() {
        endPoint.endsInOrder();
        endPoint.shutdownOutput();
        if (endOfInput) {
            endPoint.close();
        } else {
            startDrain(draining -> draining.endAfter(InputDrain.LONGEST));
            complete();
        }
    }

    /** See {@link TcpStream#abort}. */
    void abort(Throwable cause) {
        if (closed.isDone() || aborted != null || output.isDrained()) {
            return;
        }
        IOException reason = recorded(StreamEndedException.aborted(cause));
        aborted = reason;
        Duration delay = resetDelay;
        Duration wait = delay.minusNanos(Math.min(output.idleNanos(), delay.toNanos()));
        if (wait.isZero()) {
            endPoint.close(reason);
        } else {
            // The reader on this side hears of it at once.
            endPoint.getFillInterest().onFail(reason);
            startDrain(draining -> draining.hold(wait));
        }
    }

    /** Drops what still comes, and then closes. */
    private void startDrain(Consumer<InputDrain> limit) {
        InputDrain draining = new InputDrain(
                pool,
                endPoint.getScheduler(),
                buffer -> endPoint.read(buffer.clear()),
                this::drainWhenReadable,
                this::drained);
        if (DRAIN.compareAndSet(this, null, draining)) {
            limit.accept(draining);
            draining.run();
        }
    }

    private void drainWhenReadable() {
        Callback callback = Callback.from(Invocable.InvocationType.NON_BLOCKING, () -> drain.run(), x -> drained());
        if (!endPoint.tryFillInterested(callback)) {
            // The reader's own demand is there still: it hears of the end, and then it is the turn of this one.
            endPoint.getFillInterest().onFail(ended());
            endPoint.tryFillInterested(callback);
        }
    }

    /** Nothing is left to wait for: an end in order closes, any other resets, see {@link TcpEndPoint#doClose}. */
    private void drained() {
        endPoint.close(aborted);
    }

    // What happens to the connection

    @Override
    public Throwable onWriteFailed(Throwable cause) {
        return recorded(cause);
    }

    @Override
    public void onDrained() {
        if (aborted == null) {
            end();
        }
    }

    /** The connection has ended; {@link #complete} follows. */
    void onClose(Throwable cause) {
        if (!closedHere) {
            recorded(cause == null ? new IOException("connection closed from outside") : cause);
        }
        closeDeadline.end();
        InputDrain draining = drain;
        if (draining != null) {
            draining.cancel();
        }
        // First: who registers after this looks for it.
        gone = true;
        endPoint.getFillInterest().onFail(ended());
    }

    /** Tells of the end. */
    void complete() {
        closed.complete(new StreamOutcome(bytesIn, output.bytesOut(), failure.get(), 0));
    }

    /**
     * Notes a failure of the connection, which is none once this side has closed it; returns the first failure, or
     * null.
     */
    IOException noticed(Throwable cause) {
        if (!closedHere) {
            recorded(cause);
        }
        return failure.get();
    }

    /** What a read or a write fails with that comes too late. */
    IOException ended() {
        IOException known = failure.get();
        return known == null ? new StreamEndedException("connection closed by this side") : known;
    }

    /** Keeps the first failure and returns it. */
    private IOException recorded(Throwable cause) {
        IOException io = cause instanceof IOException same ? same : new IOException(cause.toString(), cause);
        return failure.compareAndSet(null, io) ? io : failure.get();
    }
}
