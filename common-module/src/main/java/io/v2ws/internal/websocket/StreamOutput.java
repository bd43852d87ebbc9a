package io.v2ws.internal.websocket;

import io.v2ws.StreamEndedException;
import io.v2ws.internal.io.UserCallbacks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * The writing half of a {@link FramedStream}: one write on its way, the others (of other threads) behind it. It never
 * holds more than one write per writer, because a writer waits for its callback.
 *
 * <p>A long write goes out in pieces, one frame each: a peer that reads slowly is seen to make progress, and a pong
 * waits for one frame and no more.
 *
 * <p>All fields are guarded by {@code lock}, but for {@code bytesOut}, the piece that the engine has, which belongs to
 * the thread that sends, and {@code current} where the engine calls back: only that callback replaces it. Nothing is
 * called with the lock held.
 */
final class StreamOutput {
    /** One call of write. */
    private record Write(boolean last, ByteBuffer buffer, boolean headroom, Callback callback) {}

    private final AutoLock lock = new AutoLock();
    private final FrameEngine engine;
    private final Runnable onProgress;
    private final Runnable onEnded;
    private final Queue<Write> queue = new ArrayDeque<>(0);
    private final Sending sending = new Sending();
    private Write current;
    /** How many bytes the engine has of {@code current}, and their end in its buffer. */
    private int piece;

    private int pieceEnd;
    private IOException refusal;
    private Runnable afterLast;
    /** Whether something that was accepted did not go out. */
    private boolean lost;

    private volatile long bytesOut;

    /**
     * Makes the output.
     *
     * @param onProgress called whenever a piece went out
     * @param onEnded called once when the last write went out
     */
    StreamOutput(FrameEngine engine, Runnable onProgress, Runnable onEnded) {
        this.engine = engine;
        this.onProgress = onProgress;
        this.onEnded = onEnded;
    }

    /**
     * {@link org.eclipse.jetty.io.Content.Sink#write}.
     *
     * @param headroom see {@link FrameEngine#sendBinary}
     */
    void write(boolean last, ByteBuffer buffer, boolean headroom, Callback callback) {
        Write write = new Write(last, buffer, headroom, callback);
        IOException refused;
        try (AutoLock ignored = lock.lock()) {
            refused = refusal;
            if (refused == null) {
                if (last) {
                    refusal = new StreamEndedException("write after the last write");
                }
                if (current != null) {
                    queue.add(write);
                    return;
                }
                current = write;
            }
        }
        if (refused != null) {
            callback.failed(refused);
        } else {
            send(write);
        }
    }

    private void send(Write write) {
        int left = remaining(write.buffer);
        piece = Math.min(left, engine.maxPayload(write.headroom));
        if (left == 0) {
            sending.succeeded();
            return;
        }
        pieceEnd = write.buffer.position() + piece;
        ByteBuffer payload =
                piece == left ? write.buffer : write.buffer.duplicate().limit(pieceEnd);
        engine.sendBinary(payload, write.headroom, sending);
    }

    /** Runs {@code action} when everything accepted so far went out; refuses further writes with {@code reason}. */
    void afterLastWrite(IOException reason, Runnable action) {
        try (AutoLock ignored = lock.lock()) {
            refuse(reason);
            if (current != null) {
                afterLast = action;
                return;
            }
        }
        action.run();
    }

    /**
     * Refuses further writes and fails those that wait; the one on its way is failed by the engine.
     *
     * @return whether anything that was accepted did not go out, or has not yet
     */
    boolean fail(IOException reason) {
        List<Write> waiting;
        boolean anyLost;
        try (AutoLock ignored = lock.lock()) {
            refuse(reason);
            afterLast = null;
            lost |= !queue.isEmpty();
            anyLost = lost || current != null;
            waiting = new ArrayList<>(queue);
            queue.clear();
        }
        waiting.forEach(write -> UserCallbacks.fail(write.callback, reason));
        return anyLost;
    }

    /** Whether the engine has a piece of a write that has not gone out. */
    boolean isWriting() {
        try (AutoLock ignored = lock.lock()) {
            return current != null;
        }
    }

    /** Whether something that was accepted did not go out. */
    boolean isLost() {
        try (AutoLock ignored = lock.lock()) {
            return lost;
        }
    }

    long bytesOut() {
        return bytesOut;
    }

    private void refuse(IOException reason) {
        if (refusal == null || refusal instanceof StreamEndedException) {
            refusal = reason;
        }
    }

    /** The callback of the write on its way; one at a time, so one object serves for all. */
    private final class Sending implements Callback {
        @Override
        public void succeeded() {
            if (pieceWentOut()) {
                send(current);
                return;
            }
            Write done;
            Write next;
            Runnable action = null;
            try (AutoLock ignored = lock.lock()) {
                done = current;
                next = queue.poll();
                current = next;
                if (next == null) {
                    action = afterLast;
                    afterLast = null;
                }
            }
            if (done.last) {
                onEnded.run();
            }
            UserCallbacks.succeed(done.callback);
            if (next != null) {
                send(next);
            } else if (action != null) {
                action.run();
            }
        }

        /** Counts; whether more of the same write is left. */
        private boolean pieceWentOut() {
            if (piece == 0) {
                return false;
            }
            bytesOut += piece;
            current.buffer.position(pieceEnd);
            onProgress.run();
            return current.buffer.hasRemaining();
        }

        @Override
        public void failed(Throwable cause) {
            IOException failure = cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
            Write failed;
            try (AutoLock ignored = lock.lock()) {
                refuse(failure);
                lost = true;
                failed = current;
                current = null;
            }
            StreamOutput.this.fail(failure);
            UserCallbacks.fail(failed.callback, failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return Invocable.InvocationType.NON_BLOCKING;
        }
    }

    private static int remaining(ByteBuffer buffer) {
        return buffer == null ? 0 : buffer.remaining();
    }
}
