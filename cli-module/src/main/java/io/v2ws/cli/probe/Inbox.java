package io.v2ws.cli.probe;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The bytes received from a tunnel. A thread of its own reads them from the beginning, so that pongs and the end are
 * processed. Keeps 64 KiB; more bytes are counted and dropped.
 */
final class Inbox {
    private static final int CAPACITY = 64 * 1024;

    /** Receives the bytes instead of the inbox; called by one thread. */
    interface Sink {
        void accept(byte[] bytes, int count);
    }

    private final WebSocketStream stream;
    private final byte[] kept = new byte[CAPACITY];
    private int size;
    private long total;
    private Sink sink;
    private boolean ended;
    private long endedAt;
    private IOException failure;

    private Inbox(WebSocketStream stream) {
        this.stream = stream;
    }

    /** Starts to read a stream to its end. */
    static Inbox of(WebSocketStream stream) {
        Inbox inbox = new Inbox(stream);
        Thread reader = new Thread(inbox::readAll, "v2ws-probe-reader");
        reader.setDaemon(true);
        reader.start();
        return inbox;
    }

    private void readAll() {
        byte[] chunk = new byte[CAPACITY];
        IOException cause = null;
        try {
            InputStream in = stream.asInputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                accept(chunk, count);
            }
        } catch (IOException x) {
            cause = x;
        }
        synchronized (this) {
            failure = cause;
            endedAt = System.nanoTime();
            ended = true;
            notifyAll();
        }
    }

    private void accept(byte[] chunk, int count) {
        Sink taker;
        synchronized (this) {
            total += count;
            taker = sink;
            if (taker == null) {
                int fits = Math.min(count, CAPACITY - size);
                System.arraycopy(chunk, 0, kept, size, fits);
                size += fits;
                notifyAll();
            }
        }
        if (taker != null) {
            taker.accept(chunk, count);
        }
    }

    /** Passes all further bytes to {@code taker}. */
    synchronized void pourInto(Sink taker) {
        size = 0;
        sink = taker;
    }

    /**
     * Waits for bytes and takes them out.
     *
     * @return {@code count} bytes; fewer if the time ran out or the stream ended
     */
    synchronized byte[] take(int count, TimeLimit limit) throws InterruptedException {
        while (size < count && !ended && !limit.isOver()) {
            await(limit);
        }
        byte[] taken = Arrays.copyOf(kept, Math.min(count, size));
        System.arraycopy(kept, taken.length, kept, 0, size - taken.length);
        size -= taken.length;
        return taken;
    }

    /** Waits for the end of the stream; returns whether it came. */
    synchronized boolean awaitEnd(TimeLimit limit) throws InterruptedException {
        while (!ended && !limit.isOver()) {
            await(limit);
        }
        return ended;
    }

    private void await(TimeLimit limit) throws InterruptedException {
        Duration left = limit.left();
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, left.toNanos()));
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** When the end came, by {@link System#nanoTime}. */
    synchronized long endedAt() {
        return endedAt;
    }

    /** Why the stream failed; null if it ended without failure, or has not ended. */
    synchronized IOException failure() {
        return failure;
    }

    /** Number of bytes received. */
    synchronized long total() {
        return total;
    }
}
