package io.v2ws;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
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
 * <p>{@code write(true, …)} sends the FIN behind the last byte. {@link #abort} resets the connection (SO_LINGER 0).
 * One writer at a time.
 */
public final class TcpStream implements ByteStream {
    /** What a close reads and drops at most, in reads. */
    private static final int MOST_DISCARDED = 256;

    private static final Duration CLOSE_WRITE_TIMEOUT = Duration.ofSeconds(15);

    private final TcpEndPoint endPoint;
    private final ByteBufferPool pool;
    private final ReadBuffers buffers;
    private final TcpOutput output;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** The first thing that went wrong. What the connection does once this side has closed it is not among them. */
    private final AtomicReference<IOException> failure = new AtomicReference<>();

    private final Deadline closeDeadline;
    private volatile boolean closedHere;
    private volatile boolean endOfInput;
    private volatile long bytesIn;

    private TcpStream(TcpEndPoint endPoint, ByteBufferPool pool) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.buffers = new ReadBuffers(pool);
        this.output = new TcpOutput(endPoint, new OutputEnd());
        this.closeDeadline = new Deadline(endPoint.getScheduler());
        this.localAddress = (InetSocketAddress) endPoint.getLocalSocketAddress();
        this.remoteAddress = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    }

    /** Makes the Jetty connection of a connected end point; {@link #of} has the stream on it. */
    static Connection newConnection(TcpEndPoint endPoint, Executor executor, ByteBufferPool pool) {
        endPoint.setIdleTimeout(0);
        return new TcpStream(endPoint, pool).new TcpConnection(endPoint, executor);
    }

    /** Returns the stream on a connection made by {@link #newConnection}. */
    static TcpStream of(Connection connection) {
        return ((TcpConnection) connection).stream();
    }

    @Override
    public Content.Chunk read() {
        IOException failed = failure.get();
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
            room.clear().position(FrameHeader.MAX_SIZE);
            int filled = endPoint.read(room);
            if (filled > 0) {
                buffers.filled(filled, !room.hasRemaining());
                room.flip().position(FrameHeader.MAX_SIZE);
                bytesIn += filled;
                return new HeadroomChunk(buffer);
            }
            buffer.release();
            if (filled == 0) {
                return null;
            }
            endOfInput = true;
            return Content.Chunk.EOF;
        } catch (IOException x) {
            buffer.release();
            return brokenInput(x);
        }
    }

    @Override
    public void demand(Runnable demandCallback) {
        endPoint.fillInterested(new Callback() {
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
        if (closed.isDone()) {
            // Jetty forgets who registers after the end.
            endPoint.getFillInterest().onFail(ended());
        }
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        output.write(last, byteBuffer, callback);
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
            closeDeadline.set(
                    CLOSE_WRITE_TIMEOUT,
                    () -> cut(new IOException(
                            "the last write did not go out within " + CLOSE_WRITE_TIMEOUT.toMillis() + " ms")));
        } else {
            end();
        }
    }

    private void end() {
        endPoint.shutdownOutput();
        discardInput();
        endPoint.close();
    }

    /** What lies in the kernel unread would turn the close into a reset, which destroys what is still on its way out. */
    private void discardInput() {
        RetainableByteBuffer buffer = pool.acquire(ReadBuffers.USUAL, true);
        try {
            int reads = 0;
            while (!endOfInput
                    && reads++ < MOST_DISCARDED
                    && endPoint.read(buffer.getByteBuffer().clear()) > 0) {
                // Nobody wants it any more.
            }
        } catch (IOException closedAlready) {
            endOfInput = true;
        } finally {
            buffer.release();
        }
    }

    @Override
    public void abort(Throwable cause) {
        cut(StreamEndedException.aborted(cause));
    }

    /** Ends with a reset, unless an end in order has nothing left to wait for. */
    private void cut(IOException reason) {
        if (!closed.isDone() && !output.isDrained()) {
            // Also behind a close: what was accepted does not go out, and a clean end would pass that off as whole.
            reset(recorded(reason));
        }
    }

    private void reset(IOException reason) {
        if (endPoint.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException alreadyClosed) {
                reason.addSuppressed(alreadyClosed);
            }
        }
        endPoint.close(reason);
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

    private Content.Chunk brokenInput(IOException cause) {
        noticed(cause);
        IOException known = failure.get();
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
            end();
        }
    }

    /** What Jetty's selector sees; all reading goes through the stream, so it is only told of the end. */
    private final class TcpConnection extends AbstractConnection {
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
        public void onClose(Throwable cause) {
            super.onClose(cause);
            if (!closedHere) {
                recorded(cause == null ? new IOException("connection closed from outside") : cause);
            }
            closeDeadline.end();
            endPoint.getFillInterest().onFail(ended());
            closed.complete(new StreamOutcome(bytesIn, output.bytesOut(), failure.get()));
        }
    }
}
