package io.v2ws.tcp;

import io.v2ws.ByteStream;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.HeadroomChunk;
import io.v2ws.internal.io.ReadBuffers;
import io.v2ws.internal.io.UserCallbacks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
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
 * until it ends too, or for a minute at most: the kernel answers what comes later with a reset, which destroys what the
 * far side has not read by then.
 *
 * <p>{@link #abort} resets the connection (SO_LINGER 0), and a reset destroys what the kernel has not delivered yet.
 * Java cannot ask how much that is. So the reset waits until the reset delay ({@link #setResetDelay}) has passed since
 * the last write, or until the far side resets the connection. Its FIN does not end the wait, because it may go on
 * reading behind it. A connection to the same machine or a private network has a send buffer of {@value
 * TcpOpening#NEAR_SEND_BUFFER} bytes, so that a far side that reads 100 KB/s gets everything. One that reads less, or
 * stops for longer, loses the rest; it sees the reset in any case.
 */
public final class TcpStream implements ByteStream {
    private final TcpEndPoint endPoint;
    private final TcpContext context;
    private final ReadBuffers buffers;
    private final TcpEnding ending;
    private final TcpOutput output;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    /** What broke the input, or null. */
    private volatile IOException brokenInput;

    private TcpStream(TcpEndPoint endPoint, TcpContext context) {
        this.endPoint = endPoint;
        this.context = context;
        this.buffers = new ReadBuffers(context.pool());
        this.ending = new TcpEnding(endPoint, context.pool());
        this.output = ending.output();
        this.localAddress = (InetSocketAddress) endPoint.getLocalSocketAddress();
        this.remoteAddress = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    }

    /** Makes the Jetty connection of a connected end point; {@link #of} has the stream on it. */
    static Connection newConnection(TcpEndPoint endPoint, TcpContext context) {
        endPoint.setIdleTimeout(0);
        return new TcpStream(endPoint, context).new TcpConnection(endPoint, context.executor());
    }

    /** Returns the stream on a connection made by {@link #newConnection}. */
    static TcpStream of(Connection connection) {
        return ((TcpConnection) connection).stream();
    }

    @Override
    public Content.Chunk read() {
        IOException aborted = ending.aborted();
        IOException failed = aborted != null ? aborted : brokenInput;
        if (failed != null) {
            return Content.Chunk.from(failed, true);
        }
        if (ending.isEndOfInput()) {
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
                ending.read(filled);
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
            ending.inputEnded();
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
                call(demandCallback);
            }

            @Override
            public void failed(Throwable cause) {
                ending.noticed(cause);
                call(demandCallback);
            }

            @Override
            public InvocationType getInvocationType() {
                return Invocable.getInvocationType(demandCallback);
            }
        });
        if (!registered) {
            if (!ending.isDraining()) {
                throw new ReadPendingException();
            }
            call(demandCallback);
        } else if (ending.isTold()) {
            endPoint.getFillInterest().onFail(ending.ended());
        }
    }

    /** A reader that throws may never read again: that is the end of the connection. */
    private void call(Runnable reader) {
        Throwable broken = UserCallbacks.run(reader);
        if (broken != null) {
            abort(broken);
        }
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        IOException failed = ending.aborted();
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
        ending.close();
    }

    @Override
    public void abort(Throwable cause) {
        ending.abort(cause);
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return ending.closed();
    }

    @Override
    public long bytesIn() {
        return ending.bytesIn();
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
        ending.setResetDelay(delay);
    }

    /** The address of this end. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** The address of the far end. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The socket; for tests. */
    SocketChannel channel() {
        return endPoint.getChannel();
    }

    /** Names the two addresses. */
    @Override
    public String toString() {
        return "TcpStream[" + localAddress + " - " + remoteAddress + "]";
    }

    private Content.Chunk broken(IOException cause) {
        IOException known = ending.noticed(cause);
        if (known == null) {
            ending.inputEnded();
            return Content.Chunk.EOF;
        }
        brokenInput = known;
        return Content.Chunk.from(known, true);
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
            endPoint.resetsWhenTheProcessEnds();
            counted = true;
            context.open().opened();
            super.onOpen();
        }

        @Override
        public void onClose(Throwable cause) {
            super.onClose(cause);
            ending.onClose(cause);
            // First: a callback of the end may stop the connector, which waits for all connections that are counted.
            if (counted) {
                context.open().closed();
            }
            ending.complete();
        }
    }
}
