package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.TunnelEndPoint;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Frame;
import org.eclipse.jetty.websocket.api.Session;

/**
 * The endpoint to give to Jetty, on either side: turns Jetty's {@link Session} into a {@link WebSocketStream} once it
 * is open. One object serves one WebSocket.
 *
 * <p>It takes frames rather than messages, because of half-close: Jetty hands text messages out only decoded and
 * checked, while a tunnel discards them unseen, but for the empty ones.
 */
public final class SessionEndpoint implements Session.Listener {
    /** The largest buffer that Jetty pools, and so the largest chunk. */
    private static final int INPUT_BUFFER = 64 * 1024;

    private final WebSocketTransportOptions options;
    private final Role role;
    private final UpgradeOffer offer;
    private final Scheduler scheduler;
    private final Consumer<WebSocketStream> onOpen;

    private FramedStream stream;
    /** What lies below Jetty's layer, or null where Jetty hides it from web applications. */
    private LastingEndPoint endPoint;

    private Throwable error;

    private SessionEndpoint(
            WebSocketTransportOptions options,
            Role role,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen) {
        this.options = options;
        this.role = role;
        this.offer = offer;
        this.scheduler = scheduler;
        this.onOpen = onOpen;
    }

    /**
     * Makes the endpoint of a server.
     *
     * @param offer what the upgrade request brought; its early data is delivered as the first bytes of the stream
     * @param scheduler for keepalive and close; must outlive the stream
     * @param onOpen receives the stream once the WebSocket is open; must not block
     */
    public static SessionEndpoint server(
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen) {
        return new SessionEndpoint(options, Role.SERVER, offer, scheduler, onOpen);
    }

    /**
     * Makes the endpoint of a client, see {@link #server}.
     *
     * @param scheduler for keepalive and close; must outlive the stream
     * @param onOpen receives the stream once the WebSocket is open; must not block
     */
    public static SessionEndpoint client(
            WebSocketTransportOptions options, Scheduler scheduler, Consumer<WebSocketStream> onOpen) {
        return new SessionEndpoint(options, Role.CLIENT, UpgradeOffer.NONE, scheduler, onOpen);
    }

    /**
     * Sets the end point that Jetty's layer runs on, before the WebSocket is open. Without one Jetty decides how the
     * connection ends.
     */
    public void over(LastingEndPoint lasting) {
        endPoint = lasting;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        // Keepalive decides when a link is dead; an idle tunnel is nothing unusual.
        session.setIdleTimeout(Duration.ZERO);
        session.setInputBufferSize(INPUT_BUFFER);
        stream = new FramedStream(new SessionEngine(session), options, role, offer, scheduler);
        if (endPoint != null) {
            endPoint.setStream(stream);
        }
        stream.start();
        onOpen.accept(stream);
    }

    @Override
    public void onWebSocketFrame(Frame frame, Callback callback) {
        switch (frame.getEffectiveOpCode()) {
            case OpCode.BINARY -> onBinary(frame, callback);
            case OpCode.TEXT -> {
                boolean whole = frame.getOpCode() == OpCode.TEXT && frame.isFin();
                boolean emptyMessage = whole && !frame.hasPayload();
                if (options.text() == WebSocketTransportOptions.TextMode.DATA && !emptyMessage) {
                    onBinary(frame, callback);
                } else {
                    int count = frame.getPayloadLength();
                    callback.succeed();
                    stream.onText(emptyMessage, count);
                }
            }
            case OpCode.PING -> {
                ByteBuffer payload = copy(frame);
                callback.succeed();
                stream.onPing(payload);
            }
            case OpCode.PONG -> {
                ByteBuffer payload = copy(frame);
                callback.succeed();
                stream.onPong(payload);
            }
            case OpCode.CLOSE -> {
                Frame.CloseStatus status = frame.getCloseStatus();
                if (endPoint != null) {
                    endPoint.peerClosed();
                }
                stream.onClose(status.statusCode(), status.reason() == null ? "" : status.reason());
                // Jetty answers with the same code.
                callback.succeed();
            }
            default -> {
                callback.succeed();
                stream.onNothing();
            }
        }
    }

    private static ByteBuffer copy(Frame frame) {
        return frame.hasPayload() ? BufferUtil.copy(frame.getPayload()) : BufferUtil.EMPTY_BUFFER;
    }

    private void onBinary(Frame frame, Callback callback) {
        if (frame.hasPayload()) {
            stream.onBinary(Content.Chunk.from(frame.getPayload(), false, callback::succeed));
        } else {
            callback.succeed();
            stream.onNothing();
        }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        error = cause;
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        callback.succeed();
        if (stream != null) {
            stream.onDisconnected(statusCode, reason == null ? "" : reason, error);
        }
    }

    /** RFC 6455, 11.8. */
    private static final class OpCode {
        static final byte TEXT = 1;
        static final byte BINARY = 2;
        static final byte CLOSE = 8;
        static final byte PING = 9;
        static final byte PONG = 10;
    }

    /** Jetty's session does the framing. */
    private final class SessionEngine implements FrameEngine {
        private final Session session;

        SessionEngine(Session session) {
            this.session = session;
        }

        @Override
        public void demand() {
            // Jetty does not know of an end that its end point has kept from it: the demand before it is still open
            // there.
            if (endPoint != null && endPoint.hasInputEnded()) {
                return;
            }
            try {
                session.demand();
            } catch (RejectedExecutionException stopped) {
                // The server or client is stopping, and nothing is read any more. The reader hears it as the end of the
                // connection, not by an exception of Jetty's from within its own read.
                session.disconnect();
                stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", stopped);
            }
        }

        @Override
        public void sendBinary(ByteBuffer payload, boolean headroom, org.eclipse.jetty.util.Callback callback) {
            // A slice is big-endian whatever the order of the buffer: Jetty's masking needs that.
            session.sendBinary(payload.slice(), adapt(callback));
        }

        @Override
        public void sendEmptyText(org.eclipse.jetty.util.Callback callback) {
            session.sendText("", adapt(callback));
        }

        @Override
        public void sendPing(ByteBuffer payload, org.eclipse.jetty.util.Callback callback) {
            session.sendPing(payload, adapt(callback));
        }

        @Override
        public void sendPong(ByteBuffer payload, org.eclipse.jetty.util.Callback callback) {
            session.sendPong(payload, adapt(callback));
        }

        @Override
        public void sendClose(int code, org.eclipse.jetty.util.Callback callback) {
            session.close(code, "", adapt(callback));
        }

        @Override
        public void finish() {
            if (endPoint == null) {
                // Behind a Close with an error code Jetty has ended the connection already.
                session.disconnect();
            } else {
                endPoint.finish();
            }
            stream.onDisconnected(WebSocketCloseException.NO_CLOSE_FRAME, "", error);
        }

        @Override
        public void reset() {
            if (endPoint == null) {
                session.disconnect();
            } else {
                endPoint.reset();
            }
        }

        @Override
        public boolean tellsResets() {
            return endPoint != null;
        }

        @Override
        public long bytesFlushed() {
            TunnelEndPoint tunnel = endPoint == null ? null : TunnelEndPoint.of(endPoint);
            return tunnel == null ? 0 : tunnel.bytesFlushed();
        }

        @Override
        public void writeAgain() {
            if (endPoint != null) {
                TunnelEndPoint.writeAgain(endPoint);
            }
        }

        @Override
        public SocketAddress localAddress() {
            return session.getLocalSocketAddress();
        }

        @Override
        public SocketAddress remoteAddress() {
            return session.getRemoteSocketAddress();
        }

        private Callback adapt(org.eclipse.jetty.util.Callback callback) {
            return Callback.from(() -> written(callback), callback::failed);
        }

        private void written(org.eclipse.jetty.util.Callback callback) {
            Throwable broken = endPoint == null ? null : endPoint.writeFailure();
            if (broken == null) {
                callback.succeeded();
            } else {
                callback.failed(broken);
            }
        }
    }
}
