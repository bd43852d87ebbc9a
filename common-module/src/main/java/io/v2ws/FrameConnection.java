package io.v2ws;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The framing of RFC 6455 straight on a Jetty end point, for either role: a {@link FrameEngine} without Jetty's WebSocket
 * layer. Jetty does the TCP, the TLS and the HTTP of the upgrade and then hands the end point over.
 *
 * <p>Reading: one frame, or the part of it that has arrived, per demand; payload is unmasked in place and handed out as a
 * slice of the network buffer. An idle connection holds no buffer. {@code demanded} and {@code reading} are guarded by
 * {@code lock}; the buffer and the parser belong to whoever is reading, one thread at a time.
 */
public final class FrameConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {
    private static final int INPUT_BUFFER = 64 * 1024;
    private static final int NO_CODE = 1005;

    private final ByteBufferPool pool;
    private final FrameParser parser;
    private final FrameWriter writer;
    private final Consumer<WebSocketStream> onOpen;
    private final FramedStream stream;
    private final AutoLock lock = new AutoLock();
    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean demanded;
    private boolean reading;
    private RetainableByteBuffer network;
    private ByteBuffer control;
    private volatile boolean closeSent;
    private volatile boolean closeReceived;

    private FrameConnection(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            boolean client,
            ByteBuffer earlyData,
            Consumer<WebSocketStream> onOpen) {
        super(endPoint, executor);
        this.pool = pool;
        this.parser = new FrameParser(client);
        this.writer = new FrameWriter(endPoint, pool, client);
        this.onOpen = onOpen;
        this.stream = new FramedStream(new Engine(), options, client, earlyData, scheduler);
    }

    /**
     * Makes the connection of a server.
     *
     * @param earlyData what the upgrade request carried; null for none
     * @param onOpen receives the stream once the end point was handed over; must not block
     */
    public static FrameConnection server(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            ByteBuffer earlyData,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(endPoint, executor, pool, scheduler, options, false, earlyData, onOpen);
    }

    /** Makes the connection of a client, see {@link #server}. */
    public static FrameConnection client(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(endPoint, executor, pool, scheduler, options, true, null, onOpen);
    }

    /** Tells the peer that this end goes away (Close 1001) and ends the stream with an error. Safe for any thread. */
    public void goAway() {
        stream.goAway();
    }

    @Override
    public void onUpgradeTo(ByteBuffer readAhead) {
        if (readAhead.hasRemaining()) {
            network = pool.acquire(Math.max(INPUT_BUFFER, readAhead.remaining()), true);
            BufferUtil.append(network.getByteBuffer(), readAhead);
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        // Keepalive decides when a link is dead; an idle tunnel is nothing unusual.
        getEndPoint().setIdleTimeout(0);
        stream.start();
        onOpen.accept(stream);
    }

    @Override
    public void onFillable() {
        read();
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        IOException reason = cause instanceof IOException io ? io : new IOException("connection closed", cause);
        writer.fail(reason);
        end(WebSocketCloseException.NO_CLOSE_FRAME, "", cause);
        boolean idle;
        try (AutoLock ignored = lock.lock()) {
            idle = !reading;
            reading = true;
        }
        if (idle) {
            releaseNetwork();
        }
    }

    // Reading

    private void demand() {
        if (closeReceived) {
            // Nothing the peer may send follows.
            return;
        }
        try (AutoLock ignored = lock.lock()) {
            demanded = true;
            if (reading) {
                return;
            }
            reading = true;
        }
        readLoop();
    }

    /** The end point has something, or has ended; the demand is still there. */
    private void read() {
        try (AutoLock ignored = lock.lock()) {
            if (reading) {
                return;
            }
            reading = true;
        }
        readLoop();
    }

    private void readLoop() {
        try {
            while (wanted()) {
                if (network != null && network.hasRemaining()) {
                    parse(network.getByteBuffer());
                } else if (!fill()) {
                    return;
                }
            }
        } catch (WebSocketCloseException violation) {
            // Whatever else has come is not worth reading (RFC 6455, 7.1.7).
            closeReceived = true;
            releaseNetwork();
            stream.onViolation(violation);
        } catch (IOException x) {
            end(WebSocketCloseException.NO_CLOSE_FRAME, "", x);
            getEndPoint().close(x);
        }
        if (ended.get()) {
            releaseNetwork();
        }
    }

    private boolean wanted() {
        if (isDemanded()) {
            return true;
        }
        if (network != null && !network.hasRemaining()) {
            // What is read next goes into a fresh buffer; slices in use hold this one.
            releaseNetwork();
        }
        try (AutoLock ignored = lock.lock()) {
            reading = ended.get() || demanded;
            return demanded && !ended.get();
        }
    }

    private boolean isDemanded() {
        try (AutoLock ignored = lock.lock()) {
            return demanded && !ended.get();
        }
    }

    /** Reads from the network; false when there is nothing, or the end. */
    private boolean fill() throws IOException {
        if (network != null && network.isRetained()) {
            // A slice of it is still in use.
            releaseNetwork();
        }
        if (network == null) {
            network = pool.acquire(INPUT_BUFFER, true);
        }
        ByteBuffer buffer = network.getByteBuffer();
        BufferUtil.clear(buffer);
        int filled = getEndPoint().fill(buffer);
        if (filled > 0) {
            return true;
        }
        releaseNetwork();
        if (filled < 0) {
            end(
                    WebSocketCloseException.NO_CLOSE_FRAME,
                    "",
                    closeReceived ? null : new EOFException("no Close frame came"));
            getEndPoint().close();
            return false;
        }
        try (AutoLock ignored = lock.lock()) {
            reading = false;
        }
        fillInterested();
        return false;
    }

    private void parse(ByteBuffer in) throws WebSocketCloseException {
        if (!parser.parse(in)) {
            return;
        }
        int count = (int) Math.min(parser.payloadLeft(), in.remaining());
        if (count == 0 && parser.payloadLeft() > 0) {
            return;
        }
        int from = in.position();
        parser.unmask(in, from, from + count);
        in.position(from + count);
        if (parser.isControl()) {
            collect(in.slice(from, count));
        } else {
            deliver(in.slice(from, count));
        }
    }

    private void deliver(ByteBuffer payload) {
        boolean text = parser.effectiveOpcode() == FrameHeader.TEXT;
        boolean emptyMessage = parser.isEmptyMessage();
        if (parser.payloadLeft() == 0) {
            parser.endFrame();
        }
        met();
        if (text) {
            stream.onText(emptyMessage);
        } else if (payload.hasRemaining()) {
            network.retain();
            stream.onBinary(Content.Chunk.asChunk(payload, false, network));
        } else {
            stream.onNothing();
        }
    }

    /** Collects the payload of a control frame, which may come in pieces, and acts when it is whole. */
    private void collect(ByteBuffer piece) throws WebSocketCloseException {
        if (control == null) {
            control = ByteBuffer.allocate(piece.remaining() + (int) parser.payloadLeft());
        }
        control.put(piece);
        if (parser.payloadLeft() > 0) {
            return;
        }
        int opcode = parser.effectiveOpcode();
        ByteBuffer payload = control.flip();
        control = null;
        parser.endFrame();
        if (opcode == FrameHeader.CLOSE) {
            close(CloseBody.parse(payload));
            return;
        }
        met();
        if (opcode == FrameHeader.PING) {
            stream.onPing(payload);
        } else {
            stream.onNothing();
        }
    }

    /** The demand is met: whoever is called now asks for the next. */
    private void met() {
        try (AutoLock ignored = lock.lock()) {
            demanded = false;
        }
    }

    // Ending

    private void close(CloseBody body) {
        closeReceived = true;
        stream.onClose(body.code(), body.reason());
        if (closeSent) {
            end(body.code(), body.reason(), null);
            getEndPoint().close();
        } else {
            closeSent = true;
            Callback cut = Callback.from(
                    () -> {
                        end(body.code(), body.reason(), null);
                        getEndPoint().close();
                    },
                    x -> getEndPoint().close());
            writer.send(FrameHeader.CLOSE, closePayload(body.code()), cut);
        }
        met();
    }

    private static ByteBuffer closePayload(int code) {
        return code == NO_CODE
                ? BufferUtil.EMPTY_BUFFER
                : ByteBuffer.allocate(2).putShort((short) code).flip();
    }

    private void end(int code, String reason, Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            stream.onDisconnected(code, reason, cause);
        }
    }

    private void releaseNetwork() {
        if (network != null) {
            network.release();
            network = null;
        }
    }

    /** What the stream asks of the connection. */
    private final class Engine implements FrameEngine {
        @Override
        public void demand() {
            FrameConnection.this.demand();
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
        public void sendPing(Callback callback) {
            writer.send(FrameHeader.PING, BufferUtil.EMPTY_BUFFER, callback);
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
        public void disconnect() {
            getEndPoint().close();
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
