package io.v2ws.tcp;

import io.v2ws.StreamEndedException;
import io.v2ws.internal.io.UserCallbacks;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * The writing half of a {@link TcpStream}: one write at a time, the FIN behind the last one, and the end of the stream
 * behind whatever was on its way when it was closed.
 *
 * <p>{@code writing} and {@code closing} are guarded by {@code lock}. The write itself ({@code last}, {@code length},
 * {@code callback}) belongs to the thread that has set {@code writing}, until the callback; so one object serves as the
 * callback of all writes.
 */
final class TcpOutput implements Callback {
    /** What the end of a write means is not for the writer to decide. */
    interface Listener {
        /** A write failed; returns what the caller is told. */
        Throwable onWriteFailed(Throwable cause);

        /** The write that a close had to wait for is over. */
        void onDrained();
    }

    private final AutoLock lock = new AutoLock();
    private final EndPoint endPoint;
    private final Listener listener;
    private boolean writing;
    private boolean closing;

    private boolean last;
    private int length;
    private Callback callback;
    private volatile long bytesOut;
    private volatile long lastWrite;

    TcpOutput(EndPoint endPoint, Listener listener) {
        this.endPoint = endPoint;
        this.listener = listener;
    }

    /**
     * {@link org.eclipse.jetty.io.Content.Sink#write}.
     *
     * @throws WritePendingException if the last one is not over
     */
    void write(boolean isLast, ByteBuffer buffer, Callback whenWritten) {
        int size = buffer == null ? 0 : buffer.remaining();
        if (size == 0) {
            written(isLast, 0, whenWritten);
            return;
        }
        boolean refused;
        try (AutoLock ignored = lock.lock()) {
            if (writing) {
                throw new WritePendingException();
            }
            refused = closing;
            writing = !refused;
        }
        if (refused) {
            whenWritten.failed(new StreamEndedException("connection closed by this side"));
            return;
        }
        last = isLast;
        length = size;
        callback = whenWritten;
        endPoint.write(this, buffer);
    }

    private void written(boolean wasLast, int size, Callback whenWritten) {
        if (size > 0) {
            bytesOut += size;
            lastWrite = System.nanoTime();
        }
        if (wasLast) {
            endPoint.shutdownOutput();
        }
        UserCallbacks.succeed(whenWritten);
    }

    /** Takes no more writes; returns whether one is still on its way: {@link Listener#onDrained} follows then. */
    boolean close() {
        try (AutoLock ignored = lock.lock()) {
            closing = true;
            return writing;
        }
    }

    /** Whether it was closed and nothing is on its way any more. */
    boolean isDrained() {
        try (AutoLock ignored = lock.lock()) {
            return closing && !writing;
        }
    }

    long bytesOut() {
        return bytesOut;
    }

    /** How long ago the kernel took the last bytes, in nanoseconds; the largest number if it got none. */
    long idleNanos() {
        try (AutoLock ignored = lock.lock()) {
            if (writing) {
                return 0;
            }
        }
        return bytesOut == 0 ? Long.MAX_VALUE : System.nanoTime() - lastWrite;
    }

    @Override
    public void succeeded() {
        boolean wasLast = last;
        int size = length;
        Callback whenWritten = callback;
        // First, because the callback may write again.
        boolean drained = writeEnded();
        written(wasLast, size, whenWritten);
        if (drained) {
            listener.onDrained();
        }
    }

    @Override
    public void failed(Throwable cause) {
        Callback whenWritten = callback;
        Throwable failure = listener.onWriteFailed(cause);
        boolean drained = writeEnded();
        UserCallbacks.fail(whenWritten, failure);
        if (drained) {
            listener.onDrained();
        }
    }

    /** A write is over; returns whether the connection ends now. */
    private boolean writeEnded() {
        callback = null;
        try (AutoLock ignored = lock.lock()) {
            writing = false;
            return closing;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
