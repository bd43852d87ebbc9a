package io.v2ws.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of any servlet container as a Jetty end point: the two streams of a {@link WebConnection}, which do not
 * block. The container's methods are called by one thread at a time for each direction; the end point is safe for any
 * thread.
 *
 * <p>The Servlet API has no half-close and no reset: the end of the output closes the connection. Nor does it tell what
 * the network has taken, so a write counts as done when the container's own buffer is empty.
 */
final class ServletEndPoint extends ContainerEndPoint implements ReadListener, WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** Containers read no more at once. */
    private static final int MOST_READ = 16 * 1024;

    private static final int MOST_WRITTEN = 64 * 1024;

    private final WebConnection connection;
    private final ServletInputStream in;
    private final ServletOutputStream out;
    private final Executor executor;
    /** Guards {@code unflushed} and the calls of {@code out}. */
    private final Object writing = new Object();

    private final boolean isOnUndertow;
    /** The only thread that may use the streams, or null if any may. */
    private final Thread ioThread;
    /** Calls those that use the streams. */
    private final Executor callers;

    private boolean unflushed;
    /** Whether the container is to call {@link #onDataAvailable}. Until it does, the input is its own. */
    private volatile boolean readPending = true;

    /** Whether the container is to call {@link #onWritePossible}. Until it does, the output is its own. */
    private volatile boolean writePending = true;

    private volatile boolean endOfInput;
    /** Why the container ended the connection, or null. */
    private volatile Throwable broken;

    /**
     * Makes the end point. {@link #start} has the container call it.
     *
     * @param executor tells readers of input that had come before they waited
     */
    ServletEndPoint(
            WebConnection connection, Scheduler scheduler, Executor executor, SocketAddress local, SocketAddress remote)
            throws IOException {
        super(scheduler, local, remote);
        this.connection = connection;
        this.isOnUndertow = UndertowStreams.has(connection);
        this.ioThread = isOnUndertow ? UndertowStreams.ioThread(connection) : null;
        this.in = connection.getInputStream();
        this.out = connection.getOutputStream();
        this.executor = executor;
        this.callers = ioThread instanceof Executor ofNetwork ? ofNetwork : executor;
    }

    @Override
    void start() throws IOException {
        // GlassFish sends the 101 with the first flush.
        out.flush();
        onOpen();
        // First: without a listener the container's streams would block.
        in.setReadListener(this);
        out.setWriteListener(this);
        getConnection().onOpen();
    }

    // What the container tells

    @Override
    public void onDataAvailable() {
        readPending = false;
        getFillInterest().fillable();
    }

    @Override
    public void onAllDataRead() {
        endOfInput = true;
        onDataAvailable();
    }

    @Override
    public void onWritePossible() {
        writePending = false;
        getWriteFlusher().completeWrite();
    }

    @Override
    public void onError(Throwable cause) {
        if (cause instanceof EOFException) {
            // So containers of Tomcat's kin tell of a FIN.
            onAllDataRead();
            return;
        }
        broken = cause;
        IOException failure = broken();
        getWriteFlusher().onFail(failure);
        onDataAvailable();
        if (isOnUndertow && !UndertowStreams.dropOutput(out)) {
            // This ends the loop, too, but Undertow logs it.
            throw new UncheckedIOException(failure);
        }
    }

    /** The container has let go of the connection. */
    void destroyed() {
        if (!endOfInput && broken == null) {
            broken = new ClosedChannelException();
        }
        close();
    }

    private IOException broken() {
        return new IOException("the connection broke: " + broken, broken);
    }

    // What a Jetty connection asks for

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (endOfInput) {
            return -1;
        }
        if (broken != null) {
            throw broken();
        }
        if (readPending || !isOpen() || !mayUseStreams()) {
            return 0;
        }
        // First: the container may call before isReady returns.
        readPending = true;
        if (!in.isReady()) {
            return endOfInput || in.isFinished() ? endOfInput() : 0;
        }
        readPending = false;
        int position = BufferUtil.flipToFill(buffer);
        try {
            int count = read(buffer);
            return count < 0 ? endOfInput() : count;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    private boolean mayUseStreams() {
        return ioThread == null || Thread.currentThread() == ioThread;
    }

    private int read(ByteBuffer buffer) throws IOException {
        byte[] bytes = new byte[Math.min(buffer.remaining(), MOST_READ)];
        int count = isOnUndertow ? readFromUndertow(bytes) : in.read(bytes);
        buffer.put(bytes, 0, Math.max(0, count));
        return count;
    }

    /** Behind the last bytes that Undertow 2.3 has, its read meets a reset, and fails although it has copied them. */
    private int readFromUndertow(byte[] bytes) throws IOException {
        int copied = Math.min(in.available(), bytes.length);
        try {
            return in.read(bytes);
        } catch (IOException x) {
            broken = x;
            return copied;
        }
    }

    private int endOfInput() {
        endOfInput = true;
        return -1;
    }

    @Override
    protected void needsFillInterest() {
        if (!readPending || endOfInput) {
            callers.execute(() -> getFillInterest().fillable());
        }
    }

    /**
     * Hands the container a piece at a time, and is done when the container's buffer is empty: a close behind it loses
     * nothing, and no more than one piece lies there.
     */
    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        synchronized (writing) {
            if (broken != null) {
                throw broken();
            }
            while (mayUseStreams() && isWritable()) {
                byte[] piece = nextPiece(buffers);
                if (piece.length > 0) {
                    out.write(piece, 0, piece.length);
                    unflushed = true;
                } else if (unflushed) {
                    out.flush();
                    unflushed = false;
                } else {
                    return true;
                }
            }
            return false;
        }
    }

    private static byte[] nextPiece(ByteBuffer... buffers) {
        byte[] piece = new byte[(int) Math.min(BufferUtil.remaining(buffers), MOST_WRITTEN)];
        int length = 0;
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), piece.length - length);
            buffer.get(piece, length, count);
            length += count;
        }
        return piece;
    }

    private boolean isWritable() {
        if (writePending) {
            return false;
        }
        // First: the container may call before isReady returns.
        writePending = true;
        boolean ready = out.isReady();
        if (ready) {
            writePending = false;
        }
        return ready;
    }

    @Override
    protected void onIncompleteFlush() {
        if (!writePending) {
            callers.execute(() -> getWriteFlusher().completeWrite());
        }
    }

    @Override
    protected void doShutdownOutput() {
        close();
    }

    @Override
    public void doClose() {
        boolean closed =
                isOnUndertow && writePending && UndertowStreams.dropOutput(out) && UndertowStreams.close(connection);
        if (closed) {
            return;
        }
        try {
            // Containers may wait for the network.
            executor.execute(() -> close(connection));
        } catch (RejectedExecutionException stopped) {
            close(connection);
        }
    }

    static void close(WebConnection connection) {
        try {
            connection.close();
        } catch (Exception closedAlready) {
            LOG.trace("The container did not close the connection", closedAlready);
        }
    }

    @Override
    public Object getTransport() {
        return connection;
    }
}
