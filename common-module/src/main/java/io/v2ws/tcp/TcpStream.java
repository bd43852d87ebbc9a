package io.v2ws.tcp;

import io.v2ws.ByteStream;
import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.Deadline;
import io.v2ws.internal.io.HeadroomChunk;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.ReadBuffers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * A TCP connection as a {@link ByteStream}; made by {@link TcpConnector}. It holds no buffer while nothing arrives: one
 * is taken from the pool when there is something to read and goes back when the chunk is released.
 *
 * <p>{@code write(true, …)} sends the FIN behind the last byte. One writer at a time.
 *
 * <p><b>Ends.</b> What arrived before an end or a failure is read first. {@link #close} sends the FIN behind everything
 * written; the kernel goes on delivering for as long as the far side takes it. What the far side still sends is dropped
 * until it ends too, or for a minute at most: the kernel answers what comes later with a reset, which destroys what the far
 * side has not read by then.
 *
 * <p>{@link #abort} resets the connection (SO_LINGER 0), and a reset destroys what the kernel has not delivered yet. Java
 * cannot ask how much that is. So the reset waits until the reset delay ({@link #setResetDelay})
 * has passed since the last write, or until the far side resets the connection. Its FIN does not end the wait, because it
 * may go on reading behind it. A connection to the same machine or a private network has a send buffer of
 * {@value TcpOpening#NEAR_SEND_BUFFER} bytes, so that a far side that reads 100 KB/s gets everything. One that
 * reads less, or stops for longer, loses the rest; it sees the reset in any case.
 */
public final class TcpStream implements ByteStream {
    private static final AtomicReferenceFieldUpdater<TcpStream, InputDrain> DRAIN =
            AtomicReferenceFieldUpdater.newUpdater(TcpStream.class, InputDrain.class, "drain");

    private static final Duration CLOSE_WRITE_TIMEOUT = Duration.ofSeconds(15);

    private final TcpEndPoint endPoint;
    private final TcpConnector connector;
    private final ByteBufferPool pool;
    private final ReadBuffers buffers;
    private final TcpOutput output;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** The first thing that went wrong. What the connection does once this side has closed it is not among them. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();

    private final Deadline closeDeadline;
    private volatile Duration resetDelay = WebSocketTransportOptions.DEFAULT_RESET_DELAY;
    /** Made when this end has finished, as most of a connection's life needs none. */
    private volatile InputDrain drain;

    private volatile boolean closedHere;
    /** Why this side has aborted the connection, or null. */
    private volatile IOException aborted;

    private volatile boolean endOfInput;
    /** What broke the input, or null. */
    private volatile IOException brokenInput;

    private volatile long bytesIn;

    private TcpStream(TcpEndPoint endPoint, TcpConnector connector) {
        this.endPoint = endPoint;
        this.connector = connector;
        this.pool = connector.bufferPool();
        this.buffers = new ReadBuffers(pool);
        this.output = new TcpOutput(endPoint, new OutputEnd());
        this.closeDeadline = new Deadline(endPoint.getScheduler());
        this.localAddress = (InetSocketAddress) endPoint.getLocalSocketAddress();
        this.remoteAddress = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    }

    /** Makes the Jetty connection of a connected end point; {@link #of} has the stream on it. */
    static Connection newConnection(TcpEndPoint endPoint, TcpConnector connector) {
        endPoint.setIdleTimeout(0);
        return new TcpStream(endPoint, connector).new TcpConnection(endPoint, connector.executor());
    }

    /** Returns the stream on a connection made by {@link #newConnection}. */
    static TcpStream of(Connection connection) {
        return ((TcpConnection) connection).stream();
    }

    @Override
    public Content.Chunk read() {
        IOException failed = aborted != null ? aborted : brokenInput;
        if (failed != null) {
            return Content.Chunk.from(failed, true);
        }
        if (endOfInput || closedHere) {
            return Content.Chunk.EOF;
        }
        if (buffers.wasLittle()) {
            return null;
        }
        RetainableByteBuffer buffer = buffers.acquire();
        try {
            ByteBuffer room = buffer.getByteBuffer();
            room.clear().position(HeadroomChunk.HEADROOM);
            int filled = endPoint.read(room);
            if (filled > 0) {
                buffers.filled(filled, !room.hasRemaining());
                room.flip().position(HeadroomChunk.HEADROOM);
                bytesIn += filled;
                return new HeadroomChunk(buffer);
            }
            buffer.release();
            if (filled == 0) {
                return null;
            }
            if (endPoint.writeFailure() != null) {
                // A write has met the reset, and the kernel tells of it once.
                return broken(new IOException("the connection was reset"));
            }
            endOfInput = true;
            return Content.Chunk.EOF;
        } catch (IOException x) {
            buffer.release();
            return broken(x);
        }
    }

    @Override
    public void demand(Runnable demandCallback) {
        boolean registered = endPoint.tryFillInterested(new Callback() {
            @Override
            public void succeeded() {
                demandCallback.run();
            }

            @Override
            public void failed(Throwable cause) {
                noticed(cause);
                demandCallback.run();
            }

            @Override
            public InvocationType getInvocationType() {
                return Invocable.getInvocationType(demandCallback);
            }
        });
        if (!registered) {
            if (drain == null) {
                throw new ReadPendingException();
            }
            demandCallback.run();
        } else if (closed.isDone()) {
            // Jetty forgets who registers after the end.
            endPoint.getFillInterest().onFail(ended());
        }
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        IOException failed = aborted;
        if (failed != null) {
            callback.failed(failed);
        } else {
            output.write(last, byteBuffer, callback);
        }
    }

    @Override
    public boolean canHalfClose() {
        return true;
    }

    @Override
    public void close() {
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
        long before = endPoint.bytesFlushed();
        closeDeadline.set(CLOSE_WRITE_TIMEOUT, () -> {
            if (endPoint.bytesFlushed() > before) {
                awaitLastWrite();
            } else {
                lastWriteIsStuck();
            }
        });
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
            completeClosed();
        }
    }

    @Override
    public void abort(Throwable cause) {
        if (!closed.isDone() && aborted == null && !output.isDrained()) {
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
            // The reader's own demand is there still: it hears of the end, and then it is this one's turn.
            endPoint.getFillInterest().onFail(ended());
            endPoint.tryFillInterested(callback);
        }
    }

    /** Nothing is left to wait for: an end in order closes, any other resets, see {@link TcpEndPoint#doClose}. */
    private void drained() {
        endPoint.close(aborted);
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return output.bytesOut();
    }

    /**
     * Sets how long a reset waits at most for what was written before it. Default
     * {@link WebSocketTransportOptions#DEFAULT_RESET_DELAY}.
     *
     * @param delay zero or more; zero resets at once
     */
    public void setResetDelay(Duration delay) {
        resetDelay = delay;
    }

    /** The address of this end. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** The address of the far end. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Names the two addresses. */
    @Override
    public String toString() {
        return "TcpStream[" + localAddress + " - " + remoteAddress + "]";
    }

    private void completeClosed() {
        closed.complete(new StreamOutcome(bytesIn, output.bytesOut(), failure.get(), 0));
    }

    /** Keeps the first failure and returns it. */
    private IOException recorded(Throwable cause) {
        IOException io = cause instanceof IOException same ? same : new IOException(cause.toString(), cause);
        return failure.compareAndSet(null, io) ? io : failure.get();
    }

    /** What the connection says of itself: once this side has closed it, that is no failure. */
    private void noticed(Throwable cause) {
        if (!closedHere) {
            recorded(cause);
        }
    }

    private Content.Chunk broken(IOException cause) {
        noticed(cause);
        IOException known = failure.get();
        brokenInput = known;
        endOfInput |= known == null;
        return known == null ? Content.Chunk.EOF : Content.Chunk.from(known, true);
    }

    private IOException ended() {
        IOException known = failure.get();
        return known == null ? new StreamEndedException("connection closed by this side") : known;
    }

    /** What the writing half tells. */
    private final class OutputEnd implements TcpOutput.Listener {
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
    }

    /** What Jetty's selector sees; all reading goes through the stream, so it is only told of the end. */
    private final class TcpConnection extends AbstractConnection {
        private volatile boolean counted;

        TcpConnection(EndPoint endPoint, Executor executor) {
            super(endPoint, executor);
        }

        TcpStream stream() {
            return TcpStream.this;
        }

        @Override
        public void onFillable() {
            // Never called: this connection does not register for reads itself.
        }

        @Override
        public boolean onIdleExpired(TimeoutException timeout) {
            return false;
        }

        @Override
        public void onOpen() {
            counted = true;
            connector.opened();
            super.onOpen();
        }

        @Override
        public void onClose(Throwable cause) {
            super.onClose(cause);
            if (!closedHere) {
                recorded(cause == null ? new IOException("connection closed from outside") : cause);
            }
            closeDeadline.end();
            InputDrain draining = drain;
            if (draining != null) {
                draining.cancel();
            }
            endPoint.getFillInterest().onFail(ended());
            // First, so that whoever stops the connector when it hears of the end need not wait for this connection.
            if (counted) {
                connector.closed();
            }
            completeClosed();
        }
    }
}
