package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.TcpReset;
import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The end point between Jetty's WebSocket layer and the connection. Jetty's layer closes the connection at once when
 * the peer has ended its output, when a write has failed, and behind a Close frame with an error code. This end point
 * keeps these events from it, tells the stream of them, and ends the connection as F5 demands.
 *
 * <p>Safe for any thread.
 */
public final class LastingEndPoint implements EndPoint, EndPoint.Wrapper {
    private final EndPoint endPoint;
    private final ByteBufferPool pool;
    private final Scheduler scheduler;
    private final NetworkInput input;
    private final MessageBorder border;
    /** Guards the reading and what follows from it: {@code border} and {@code inputEnded}. */
    private final AutoLock reading = new AutoLock();

    private final AtomicReference<Callback> jettyWaits = new AtomicReference<>();
    private final AtomicReference<InputDrain> drain = new AtomicReference<>();
    private final AtomicReference<Throwable> writeFailure = new AtomicReference<>();

    private volatile FramedStream stream;
    private volatile boolean inputEnded;
    /** Whether the peer ended its output in order, without a Close frame. */
    private volatile boolean peerFinished;

    private volatile boolean peerClosed;

    private final Callback whenReadable = new Callback() {
        @Override
        public void succeeded() {
            InputDrain draining = drain.get();
            if (draining != null) {
                draining.run();
                return;
            }
            Callback waiting = jettyWaits.getAndSet(null);
            if (waiting != null) {
                waiting.succeeded();
            }
        }

        @Override
        public void failed(Throwable cause) {
            Callback waiting = jettyWaits.getAndSet(null);
            if (waiting != null) {
                waiting.failed(cause);
            }
        }
    };

    /**
     * Makes the end point, before the upgrade.
     *
     * @param endPoint the connection, which the HTTP of the upgrade uses
     * @param scheduler bounds the time that a peer may take to end its side
     */
    public LastingEndPoint(EndPoint endPoint, ByteBufferPool pool, Scheduler scheduler, Role role) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.scheduler = scheduler;
        this.input = new NetworkInput(endPoint);
        this.border = new MessageBorder(role);
    }

    /** Sets who hears of the ends, before anything is read. */
    void setStream(FramedStream stream) {
        this.stream = stream;
        TunnelEndPoint tunnel = TunnelEndPoint.of(endPoint);
        if (tunnel != null) {
            tunnel.keepInputWhenWritesFail();
        }
    }

    /** Bytes that were read together with the upgrade. */
    void passed(ByteBuffer bytes) {
        try (AutoLock ignored = reading.lock()) {
            border.pass(bytes.slice());
        }
    }

    /** The peer's Close frame was read: nothing follows, but with TLS a close_notify. */
    void peerClosed() {
        peerClosed = true;
    }

    /** Whether nothing more can be read. */
    boolean hasInputEnded() {
        return inputEnded;
    }

    /** Returns why nothing can be written any more, or null. */
    Throwable writeFailure() {
        return writeFailure.get();
    }

    /** Ends the output behind everything written, and drops what still comes. */
    void finish() {
        InputDrain draining = new InputDrain(pool, scheduler, this::discard, this::awaitInput, endPoint::close);
        if (drain.compareAndSet(null, draining)) {
            draining.finish(endPoint);
        }
    }

    /** The connection is closed. */
    void closed() {
        InputDrain draining = drain.get();
        if (draining != null) {
            draining.cancel();
        }
    }

    /** Ends the connection by a reset. */
    void reset() {
        TcpReset.reset(endPoint);
    }

    private int discard(ByteBuffer buffer) throws IOException {
        try (AutoLock ignored = reading.lock()) {
            BufferUtil.clear(buffer);
            return input.fill(buffer);
        }
    }

    // Reading

    @Override
    public int fill(ByteBuffer buffer) {
        IOException end = null;
        try (AutoLock ignored = reading.lock()) {
            if (inputEnded || drain.get() != null) {
                return 0;
            }
            int filled = input.fill(buffer);
            if (filled >= 0) {
                border.pass(buffer.slice(buffer.limit() - filled, filled));
                return filled;
            }
            inputEnded = true;
            if (!border.isHere()) {
                end = new TruncatedException("the connection ended inside a message");
            }
        } catch (IOException broken) {
            inputEnded = true;
            end = broken;
        }
        onEnd(end);
        return 0;
    }

    /** @param end how the peer's output ended; null for in order */
    private void onEnd(IOException end) {
        if (writeFailure() != null) {
            // A write has met the reset, and the kernel tells of it once.
            endNow(end == null ? new IOException("the connection was reset") : end);
        } else if (end instanceof TruncatedException truncated) {
            stream.onTruncated(truncated);
        } else if (end != null) {
            endNow(end);
        } else {
            peerFinished = true;
            stream.onPeerFinished();
            if (writeFailure() != null) {
                endNow(writeFailure());
            }
        }
    }

    private void endNow(Throwable cause) {
        stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
        endPoint.close();
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        boolean first = jettyWaits.compareAndSet(null, callback);
        if (first && !inputEnded) {
            awaitInput();
        }
        return first;
    }

    private void awaitInput() {
        endPoint.tryFillInterested(whenReadable);
    }

    @Override
    public boolean isFillInterested() {
        return jettyWaits.get() != null;
    }

    @Override
    public boolean isInputShutdown() {
        return endPoint.isInputShutdown();
    }

    // Writing

    /** Jetty never hears of a failed write. What it writes afterwards is dropped. */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        if (writeFailure() != null) {
            for (ByteBuffer buffer : buffers) {
                BufferUtil.clear(buffer);
            }
            callback.succeeded();
            return;
        }
        endPoint.write(
                new Callback.Nested(callback) {
                    @Override
                    public void succeeded() {
                        TunnelEndPoint tunnel = TunnelEndPoint.of(endPoint);
                        Throwable broken = tunnel == null ? null : tunnel.writeFailure();
                        if (broken == null) {
                            super.succeeded();
                        } else {
                            failed(broken);
                        }
                    }

                    @Override
                    public void failed(Throwable cause) {
                        writeFailure.compareAndSet(null, cause);
                        super.succeeded();
                        if (peerFinished) {
                            endNow(cause);
                        }
                    }
                },
                buffers);
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return endPoint.cancelWrite(cause);
    }

    /** Jetty ends the output behind its Close frame; this end point does when the peer has answered (F6). */
    @Override
    public void shutdownOutput() {}

    @Override
    public boolean isOutputShutdown() {
        return endPoint.isOutputShutdown();
    }

    // The end

    /** Jetty is through with this connection. */
    @Override
    public void close(Throwable cause) {
        if (peerClosed && !endPoint.isSecure()) {
            endPoint.close(cause);
        } else {
            finish();
        }
    }

    @Override
    public boolean isOpen() {
        return drain.get() == null && endPoint.isOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        endPoint.onClose(cause);
    }

    // The rest is the connection's

    @Override
    public EndPoint unwrap() {
        return endPoint;
    }

    @Override
    public void upgrade(Connection connection) {
        endPoint.upgrade(new LastingConnection(connection, this));
    }

    @Override
    public Connection getConnection() {
        return endPoint.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        endPoint.setConnection(connection);
    }

    @Override
    public void onOpen() {
        endPoint.onOpen();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return endPoint.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return endPoint.getRemoteSocketAddress();
    }

    @Override
    public long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }

    @Override
    public Object getTransport() {
        return endPoint.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return endPoint.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        endPoint.setIdleTimeout(idleTimeout);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return endPoint.getSslSessionData();
    }
}
