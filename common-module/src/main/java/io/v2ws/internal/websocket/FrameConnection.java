package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.Linger;
import io.v2ws.internal.io.QuietEndPoint;
import io.v2ws.internal.io.ReadBuffers;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The framing of RFC 6455 straight on a Jetty end point, for either role: a {@link FrameEngine} without Jetty's WebSocket
 * layer. Jetty does the TCP, the TLS and the HTTP of the upgrade and then hands the end point over.
 */
public final class FrameConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {
    private static final AtomicReferenceFieldUpdater<FrameConnection, InputDrain> DRAIN =
            AtomicReferenceFieldUpdater.newUpdater(FrameConnection.class, InputDrain.class, "drain");

    private final FrameInput input;
    private final FrameWriter writer;
    private final FramedStream stream;
    private final Consumer<WebSocketStream> onOpen;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closeSent;
    /** Whether the peer has ended its output without a Close frame. */
    private volatile boolean peerFinished;

    private final ByteBufferPool pool;
    private final Scheduler scheduler;
    /** Made when this end has finished, as most of a connection's life needs none. */
    private volatile InputDrain drain;

    private final Callback whenFillable = new Callback() {
        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable cause) {
            onFillInterestedFailed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    };

    private FrameConnection(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Role role,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen) {
        super(endPoint, executor);
        this.input = new FrameInput(endPoint, pool, executor, role, new Ends());
        this.pool = pool;
        this.scheduler = scheduler;
        this.writer = new FrameWriter(endPoint, pool, role, this::writeFailed);
        this.onOpen = onOpen;
        this.stream = new FramedStream(new Engine(), options, role, offer, scheduler);
        input.setStream(stream);
    }

    /**
     * Makes the connection of a server.
     *
     * @param scheduler for keepalive and close; must outlive the stream
     * @param offer what the upgrade request brought
     * @param onOpen receives the stream once the end point was handed over; must not block
     */
    public static FrameConnection server(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(endPoint, executor, pool, scheduler, options, Role.SERVER, offer, onOpen);
    }

    /**
     * Makes the connection of a client, see {@link #server}.
     *
     * @param onOpen receives the stream once the end point was handed over; must not block
     */
    public static FrameConnection client(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(
                endPoint, executor, pool, scheduler, options, Role.CLIENT, UpgradeOffer.NONE, onOpen);
    }

    /** Tells the peer that this end goes away (Close 1001) and ends the stream with an error. Safe for any thread. */
    public void goAway() {
        stream.goAway(new IOException("this end is going away"));
    }

    @Override
    public void onUpgradeTo(ByteBuffer readAhead) {
        input.readAhead(readAhead);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        // Keepalive decides when a link is dead; an idle tunnel is nothing unusual.
        getEndPoint().setIdleTimeout(0);
        QuietEndPoint quiet = QuietEndPoint.of(getEndPoint());
        if (quiet != null) {
            quiet.keepInputWhenWritesFail();
        }
        stream.start();
        onOpen.accept(stream);
    }

    @Override
    public void onFillable() {
        InputDrain draining = drain;
        if (draining != null) {
            draining.run();
        } else {
            input.onFillable();
        }
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        InputDrain draining = drain;
        if (draining != null) {
            draining.cancel();
        }
        IOException closed = cause instanceof IOException io ? io : new ClosedException(cause);
        writer.fail(closed);
        if (!input.connectionLost(closed)) {
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
        }
    }

    /**
     * Nothing can be written any more. What the peer sent before is still read, and the end behind it is the end of the
     * stream; where there is none to come, it is now.
     */
    private void writeFailed(Throwable cause) {
        if (peerFinished) {
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
            getEndPoint().close();
        }
    }

    /** The FIN goes out behind everything written, with TLS a close_notify before it; what still comes is dropped. */
    private void finish() {
        InputDrain draining = new InputDrain(pool, scheduler, input::discard, this::awaitInput, getEndPoint()::close);
        if (DRAIN.compareAndSet(this, null, draining)) {
            if (getEndPoint().isSecure() && QuietEndPoint.of(getEndPoint()) == null) {
                // Below Jetty's TLS, an end of input behind the end of the output would close from within a read.
                draining.drop();
                getEndPoint().close();
                return;
            }
            getEndPoint().shutdownOutput();
            draining.endAfter(InputDrain.LONGEST);
            draining.run();
        }
    }

    /** Has {@link #onFillable} called once something has arrived; does nothing where that was asked for already. */
    private void awaitInput() {
        tryFillInterested(whenFillable);
    }

    private void end(int code, String reason, Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            stream.onDisconnected(code, reason, cause);
        }
    }

    private static ByteBuffer closePayload(int code) {
        return code == WebSocketCloseException.NO_CODE
                ? BufferUtil.EMPTY_BUFFER
                : ByteBuffer.allocate(2).putShort((short) code).flip();
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

    /** What the reading half hears of the end. */
    private final class Ends implements FrameInput.Listener {
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
            end(body.code(), body.reason(), null);
            getEndPoint().close();
        }

        private void endWith(CloseBody body) {
            end(body.code(), body.reason(), null);
            if (getEndPoint().isSecure()) {
                // The peer's close_notify is still to come, and unread it would turn a close into a reset.
                finish();
            } else {
                getEndPoint().close();
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
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
            getEndPoint().close();
        }

        @Override
        public void onBroken(RuntimeException cause) {
            stream.abort(cause);
        }

        @Override
        public void fillInterested() {
            awaitInput();
        }
    }

    /** What the stream asks of the connection. */
    private final class Engine implements FrameEngine {
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
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", null);
            input.endThen(FrameConnection.this::finish);
        }

        @Override
        public void reset() {
            Linger.reset(getEndPoint());
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", null);
            input.endThen(() -> {});
        }

        @Override
        public boolean isInsideFrame() {
            return writer.isInsideFrame();
        }

        @Override
        public long bytesFlushed() {
            return writer.bytesFlushed();
        }

        @Override
        public SocketAddress localAddress() {
            return getEndPoint().getLocalSocketAddress();
        }

        @Override
        public SocketAddress remoteAddress() {
            return getEndPoint().getRemoteSocketAddress();
        }
    }
}
