package io.v2ws.internal.websocket;

import io.v2ws.internal.io.FlushedBytes;
import io.v2ws.internal.io.TcpReset;
import io.v2ws.internal.io.TunnelEndPoint;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * Writes frames: one at a time, short ones (control frames and empty texts) before the next piece of data.
 *
 * <p>Data with room in front of it ({@code headroom}) gets its header there and is masked in place: one buffer, no
 * copy. Other people's buffers are never changed: a server writes header and payload together, a client masks into a
 * buffer of its own.
 *
 * <p>The fields from {@code data} to {@code failure}, and {@code shortFrames}, are guarded by {@code lock}; those
 * behind them belong to the iteration, but for the position of {@code written}, at which others look. Callbacks come
 * from the iteration only: nobody hears that a buffer is free while it is being written.
 */
public final class FrameWriter extends IteratingCallback {
    /** A frame that is not data. */
    private record ShortFrame(int opcode, ByteBuffer payload, Callback callback) {}

    /** A piece of the stream. */
    private record Data(ByteBuffer payload, boolean headroom, Callback callback) {}

    private final AutoLock lock = new AutoLock();
    private final EndPoint endPoint;
    /** Tells of failed writes afterwards, or null. */
    private final TunnelEndPoint quietEndPoint;
    /** Counts what the network takes, or null. */
    private final FlushedBytes progress;

    private final ByteBufferPool pool;
    private final Role role;
    private final MaskKeys keys;
    private final Consumer<Throwable> onFailed;
    private final Queue<ShortFrame> shortFrames = new ArrayDeque<>(2);
    private Data data;
    private boolean closing;
    private Throwable failure;

    /** The buffer with which the frame begins that is being written, or null, and where the frame begins in it. */
    private volatile ByteBuffer written;

    private int start;
    private RetainableByteBuffer pooled;
    private Callback completing;

    /**
     * Makes a writer.
     *
     * @param onFailed called once, behind the callbacks, when the network takes no more
     */
    public FrameWriter(EndPoint endPoint, ByteBufferPool pool, Role role, Consumer<Throwable> onFailed) {
        this.endPoint = endPoint;
        this.quietEndPoint = TunnelEndPoint.of(endPoint);
        this.progress = TcpReset.lowest(endPoint) instanceof FlushedBytes counting ? counting : null;
        this.onFailed = onFailed;
        this.pool = pool;
        this.role = role;
        this.keys = role == Role.CLIENT ? new MaskKeys() : null;
    }

    /** Sends data, see {@link FrameEngine#sendBinary}. */
    public void data(ByteBuffer payload, boolean headroom, Callback callback) {
        Throwable refused;
        try (AutoLock ignored = lock.lock()) {
            refused = refusal();
            if (refused == null) {
                data = new Data(payload, headroom, callback);
            }
        }
        start(refused, callback);
    }

    /** Sends a frame that is not data. Nothing is sent behind a Close: data that still waits then fails. */
    void send(int opcode, ByteBuffer payload, Callback callback) {
        Throwable refused;
        try (AutoLock ignored = lock.lock()) {
            refused = refusal();
            if (refused == null) {
                shortFrames.add(new ShortFrame(opcode, payload, callback));
                closing = opcode == FrameHeader.CLOSE;
            }
        }
        start(refused, callback);
    }

    private Throwable refusal() {
        return failure == null && closing ? new ClosedChannelException() : failure;
    }

    private void start(Throwable refused, Callback callback) {
        if (refused != null) {
            callback.failed(refused);
        } else {
            iterate();
        }
    }

    /** Fails everything that waits; what is being written is failed by the end point. */
    void fail(Throwable cause) {
        try (AutoLock ignored = lock.lock()) {
            if (failure == null) {
                failure = cause;
            }
        }
        iterate();
    }

    @Override
    protected Action process() {
        ShortFrame next;
        Data piece;
        Throwable refused;
        try (AutoLock ignored = lock.lock()) {
            next = failure == null ? shortFrames.poll() : null;
            refused = next == null && data != null ? refusal() : failure;
            piece = next == null && refused == null ? data : null;
            if (piece != null) {
                data = null;
            }
        }
        if (next != null) {
            completing = next.callback;
            writeShortFrame(next);
            return Action.SCHEDULED;
        }
        if (piece != null) {
            completing = piece.callback;
            writeData(piece);
            return Action.SCHEDULED;
        }
        if (refused != null) {
            failAll(null, refused);
        }
        return Action.IDLE;
    }

    private void writeShortFrame(ShortFrame frame) {
        int length = frame.payload.remaining();
        ByteBuffer out = acquire(FrameHeader.MAX_SIZE + FrameHeader.MAX_CONTROL);
        write(frame(behindHeadroom(out, frame.payload.slice()), frame.opcode, length));
    }

    private void writeData(Data write) {
        ByteBuffer payload = write.payload;
        int length = payload.remaining();
        if (write.headroom) {
            write(frame(payload, FrameHeader.BINARY, length));
        } else if (role == Role.CLIENT) {
            ByteBuffer out = acquire(FrameHeader.MAX_SIZE + length);
            write(frame(behindHeadroom(out, payload), FrameHeader.BINARY, length));
        } else {
            ByteBuffer header = acquire(FrameHeader.MAX_SIZE);
            FrameHeader.write(header, 0, FrameHeader.BINARY, length, false, 0);
            write(header.limit(FrameHeader.size(length, false)), payload);
        }
    }

    /** Writes one frame. */
    private void write(ByteBuffer... buffers) {
        start = buffers[0].position();
        written = buffers[0];
        endPoint.write(this, buffers);
    }

    /** Puts the header in front of the payload, and masks a client's. */
    private ByteBuffer frame(ByteBuffer buffer, int opcode, int length) {
        int payload = buffer.position();
        int start = payload - FrameHeader.size(length, role == Role.CLIENT);
        int key = role == Role.CLIENT ? keys.next() : 0;
        FrameHeader.write(buffer, start, opcode, length, role == Role.CLIENT, key);
        if (role == Role.CLIENT) {
            Mask.apply(buffer, payload, payload + length, key, 0);
        }
        return buffer.position(start);
    }

    private static ByteBuffer behindHeadroom(ByteBuffer out, ByteBuffer payload) {
        return out.position(FrameHeader.MAX_SIZE).put(payload).flip().position(FrameHeader.MAX_SIZE);
    }

    /** Returns an empty pooled buffer, in fill mode. */
    private ByteBuffer acquire(int size) {
        pooled = pool.acquire(size, true);
        return pooled.getByteBuffer().clear();
    }

    @Override
    protected void onSuccess() {
        release();
        Callback done = completing;
        completing = null;
        Throwable broken = quietEndPoint == null ? null : quietEndPoint.writeFailure();
        if (done == null) {
            return;
        }
        if (broken == null) {
            done.succeeded();
        } else {
            failAll(done, broken);
            onFailed.accept(broken);
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        Callback failed = completing;
        completing = null;
        failAll(failed, cause);
        onFailed.accept(cause);
    }

    /** Whether the network takes no more. */
    boolean hasFailed() {
        try (AutoLock ignored = lock.lock()) {
            if (failure != null) {
                return true;
            }
        }
        return quietEndPoint != null && quietEndPoint.writeFailure() != null;
    }

    /** Whether the network has the beginning of a frame and not yet its end. */
    boolean isInsideFrame() {
        ByteBuffer frame = written;
        return frame != null && frame.position() > start;
    }

    /** How many bytes the network has taken; where that is not known, zero. */
    long bytesFlushed() {
        return progress == null ? 0 : progress.bytesFlushed();
    }

    /**
     * Fails the current write and those that wait. The failure is noted first: who is called back, or reads the end of
     * the connection meanwhile, shall find it.
     */
    private void failAll(Callback current, Throwable cause) {
        List<Callback> callbacks = new ArrayList<>();
        if (current != null) {
            callbacks.add(current);
        }
        try (AutoLock ignored = lock.lock()) {
            if (failure == null) {
                failure = cause;
            }
            shortFrames.forEach(waiting -> callbacks.add(waiting.callback));
            shortFrames.clear();
            if (data != null) {
                callbacks.add(data.callback);
                data = null;
            }
        }
        callbacks.forEach(callback -> callback.failed(cause));
    }

    private void release() {
        written = null;
        if (pooled != null) {
            pooled.release();
            pooled = null;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
