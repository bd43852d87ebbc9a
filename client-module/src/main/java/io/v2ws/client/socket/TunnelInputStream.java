package io.v2ws.client.socket;

import io.v2ws.ByteStream;
import io.v2ws.internal.io.StreamFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;

/**
 * A blocking view of a stream's input with a read timeout, which Jetty's own view lacks. One reader at a time, as with
 * any socket; a read that timed out can be repeated.
 */
final class TunnelInputStream extends InputStream {
    private final ByteStream stream;
    /** Held by the reader while it reads; guards {@code chunk} and {@code demanded}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition available = lock.newCondition();
    private Content.Chunk chunk;
    private boolean demanded;
    private volatile boolean discarding;
    /** Whether readers see the end and what comes is dropped; written with {@code lock} held. */
    private volatile boolean shutDown;
    /** How often {@link #drop} was called since it last ran out of work: one call at a time reads. */
    private final AtomicInteger drops = new AtomicInteger();

    private volatile int timeoutMillis;

    TunnelInputStream(ByteStream stream) {
        this.stream = stream;
    }

    /** Sets how long a read may wait, in milliseconds; 0 is for ever. */
    void setTimeout(int millis) {
        timeoutMillis = millis;
    }

    int timeout() {
        return timeoutMillis;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            if (!fill(timeoutMillis)) {
                return -1;
            }
            int count = Math.min(length, chunk.remaining());
            chunk.getByteBuffer().get(bytes, offset, count);
            if (!chunk.hasRemaining() || discarding) {
                release();
                watch();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            if (chunk == null && !demanded && !shutDown) {
                look();
            }
            return chunk == null ? 0 : chunk.remaining();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a chunk, or demands one: a caller that polls {@code available} may not read before it is positive. */
    private void look() {
        Content.Chunk next = stream.read();
        if (next == null) {
            demanded = true;
            stream.demand(this::onAvailable);
        } else if (next.hasRemaining()) {
            chunk = next;
        }
    }

    /**
     * Asks for the next bytes before anybody reads: meanwhile the stream answers pings, and keepalive sees a dead peer.
     */
    void watch() {
        lock.lock();
        try {
            if (chunk == null && !demanded && !shutDown && !discarding) {
                demanded = true;
                stream.demand(this::onAvailable);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Releases the bytes that were not read. */
    void discard() {
        discarding = true;
        lock.lock();
        try {
            release();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the input for readers, also for one that waits. What comes is read and dropped: the far end is not held
     * back, its pings are answered, and the end of the tunnel is seen.
     */
    void shutDown() {
        boolean dropNow;
        lock.lock();
        try {
            dropNow = !shutDown && !demanded;
            shutDown = true;
            release();
            available.signalAll();
        } finally {
            lock.unlock();
        }
        if (dropNow) {
            drop();
        }
    }

    /** Drops what there is, and asks for more until the end. A demand may be answered from within its call. */
    private void drop() {
        if (drops.getAndIncrement() > 0) {
            return;
        }
        do {
            Content.Chunk next = stream.read();
            while (next != null && !next.isLast() && !Content.Chunk.isFailure(next)) {
                next.release();
                next = stream.read();
            }
            if (next == null) {
                stream.demand(this::drop);
            } else {
                next.release();
            }
        } while (drops.decrementAndGet() > 0);
    }

    private void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** Waits until there is a chunk with bytes; false at the end of the stream. */
    private boolean fill(int millis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (chunk == null) {
            if (shutDown) {
                return false;
            }
            if (!demanded) {
                Content.Chunk next = stream.read();
                if (Content.Chunk.isFailure(next)) {
                    throw StreamFailures.tell(next.getFailure());
                }
                if (next != null && next.hasRemaining()) {
                    chunk = next;
                    return true;
                }
                if (next != null) {
                    next.release();
                    if (next.isLast()) {
                        return false;
                    }
                    continue;
                }
                demanded = true;
                stream.demand(this::onAvailable);
            }
            await(millis, deadline);
        }
        return true;
    }

    private void await(int millis, long deadline) throws IOException {
        try {
            while (demanded && !shutDown) {
                if (millis == 0) {
                    available.await();
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new SocketTimeoutException("nothing to read within " + millis + " ms");
                    }
                    available.awaitNanos(left);
                }
            }
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for data");
        }
    }

    private void onAvailable() {
        // The reader itself may call this, from inside demand: the lock is reentrant.
        boolean dropNow;
        lock.lock();
        try {
            demanded = false;
            // Under the lock: either this call drops, or a later shutDown, never both.
            dropNow = shutDown;
            available.signalAll();
        } finally {
            lock.unlock();
        }
        if (dropNow) {
            drop();
        }
    }
}
