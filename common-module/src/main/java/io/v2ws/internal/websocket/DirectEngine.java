package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.ReadBuffers;
import io.v2ws.internal.io.TcpReset;
import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A {@link FrameEngine} straight on a Jetty end point, without Jetty's WebSocket layer: joins the reading and the
 * writing of frames, answers the peer's Close frame, and ends the connection. Safe for any thread.
 */
final class DirectEngine implements FrameEngine, FrameInput.Listener {
    private static final AtomicReferenceFieldUpdater<DirectEngine, InputDrain> DRAIN =
            AtomicReferenceFieldUpdater.newUpdater(DirectEngine.class, InputDrain.class, "drain");

    private final EndPoint endPoint;
    private final ByteBufferPool pool;
    private final Scheduler scheduler;
    private final Runnable awaitInput;
    private final FrameInput input;
    private final FrameWriter writer;
    private final FramedStream stream;
    private volatile boolean closeSent;
    /** Whether the peer has ended its output without a Close frame. */
    private volatile boolean peerFinished;

    /** Made when this end has finished, as most of a connection's life needs none. */
    private volatile InputDrain drain;

    /**
     * Makes the engine and the stream on it.
     *
     * @param awaitInput has {@link #onFillable} called once something has arrived; does nothing where that was asked
     *     for already
     */
    DirectEngine(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Role role,
            UpgradeOffer offer,
            Runnable awaitInput) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.scheduler = scheduler;
        this.awaitInput = awaitInput;
        this.input = new FrameInput(endPoint, pool, executor, role, options.text(), this);
        this.writer = new FrameWriter(endPoint, pool, role, this::writeFailed);
        this.stream = new FramedStream(this, options, role, offer, scheduler);
        input.setStream(stream);
    }

    FramedStream stream() {
        return stream;
    }

    // What the connection tells

    /** Takes what was read together with the handshake, before anything else is read. */
    void readAhead(ByteBuffer bytes) {
        input.readAhead(bytes);
    }

    /** The connection has something to read, or has ended. */
    void onFillable() {
        InputDrain draining = drain;
        if (draining != null) {
            draining.run();
        } else {
            input.onFillable();
        }
    }

    /** The connection is closed. */
    void onClosed(Throwable cause) {
        InputDrain draining = drain;
        if (draining != null) {
            draining.cancel();
        }
        IOException closed = cause instanceof IOException io ? io : new ClosedException(cause);
        writer.fail(closed);
        if (!input.connectionLost(closed)) {
            stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
        }
    }

    /**
     * Nothing can be written any more. What the peer sent before is still read, and the end behind it is the end of the
     * stream; where there is none to come, it is now.
     */
    private void writeFailed(Throwable cause) {
        if (peerFinished) {
            stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
            endPoint.close();
        }
    }

    private void shutdown() {
        InputDrain draining = new InputDrain(pool, scheduler, input::discard, awaitInput, endPoint::close);
        if (DRAIN.compareAndSet(this, null, draining)) {
            draining.finish(endPoint);
        }
    }

    private static ByteBuffer closePayload(int code) {
        return code == WebSocketCloseException.NO_CODE
                ? BufferUtil.EMPTY_BUFFER
                : ByteBuffer.allocate(2).putShort((short) code).flip();
    }

    // What the reading half tells

    @Override
    public void onClose(CloseBody body) {
        stream.onClose(body.code(), body.reason());
        if (closeSent) {
            endWith(body);
        } else {
            closeSent = true;
            writer.send(
                    FrameHeader.CLOSE,
                    closePayload(body.code()),
                    Callback.from(() -> endWith(body), x -> unanswered(body)));
        }
    }

    /** The connection was closed before the peer's Close frame was read. */
    private void unanswered(CloseBody body) {
        stream.onDisconnected(body.code(), body.reason(), null);
        endPoint.close();
    }

    private void endWith(CloseBody body) {
        stream.onDisconnected(body.code(), body.reason(), null);
        if (endPoint.isSecure()) {
            // The peer's close_notify is still to come, and unread it would turn a close into a reset.
            finish();
        } else {
            endPoint.close();
        }
    }

    @Override
    public void onViolation(WebSocketCloseException violation) {
        stream.onViolation(violation);
    }

    @Override
    public void onPeerFinished() {
        if (writer.hasFailed()) {
            // A write has met the reset, and the kernel tells of it once.
            onEnd(new IOException("the connection was reset"));
            return;
        }
        peerFinished = true;
        stream.onPeerFinished();
        if (writer.hasFailed()) {
            writeFailed(null);
        }
    }

    @Override
    public void onTruncated(TruncatedException cause) {
        if (writer.hasFailed()) {
            onEnd(cause);
        } else {
            stream.onTruncated(cause);
        }
    }

    @Override
    public void onEnd(IOException cause) {
        stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
        endPoint.close();
    }

    @Override
    public void onBroken(Throwable cause) {
        stream.abort(cause);
    }

    @Override
    public void fillInterested() {
        awaitInput.run();
    }

    // What the stream asks for

    @Override
    public void demand() {
        input.demand();
    }

    @Override
    public int maxPayload(boolean headroom) {
        // What lies behind its headroom is not copied, however much it is.
        return headroom ? ReadBuffers.LARGE - FrameHeader.MAX_SIZE : MAX_PAYLOAD;
    }

    @Override
    public void sendBinary(ByteBuffer payload, boolean headroom, Callback callback) {
        writer.data(payload, headroom, callback);
    }

    @Override
    public void sendEmptyText(Callback callback) {
        writer.send(FrameHeader.TEXT, BufferUtil.EMPTY_BUFFER, callback);
    }

    @Override
    public void sendPing(ByteBuffer payload, Callback callback) {
        writer.send(FrameHeader.PING, payload, callback);
    }

    @Override
    public void sendPong(ByteBuffer payload, Callback callback) {
        writer.send(FrameHeader.PONG, payload, callback);
    }

    @Override
    public void sendClose(int code, Callback callback) {
        closeSent = true;
        writer.send(FrameHeader.CLOSE, closePayload(code), callback);
    }

    @Override
    public void finish() {
        stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", null);
        input.endThen(this::shutdown);
    }

    @Override
    public void reset() {
        TcpReset.reset(endPoint);
        stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", null);
        input.endThen(() -> {});
    }

    @Override
    public boolean isInsideFrame() {
        return writer.isInsideFrame();
    }

    @Override
    public void writeAgain() {
        TunnelEndPoint.writeAgain(endPoint);
    }

    @Override
    public long bytesFlushed() {
        return writer.bytesFlushed();
    }

    @Override
    public SocketAddress localAddress() {
        return endPoint.getLocalSocketAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return endPoint.getRemoteSocketAddress();
    }

    /** What a write fails with that was too late. Every connection makes one, so it has no stack trace. */
    private static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;

        ClosedException(Throwable cause) {
            super("the connection is closed", cause);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
