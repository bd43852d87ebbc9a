package io.v2ws.internal.io;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * The buffers one connection is read into: as large as pools keep them, and larger ones once it has filled such a one,
 * as a system call costs the same for little and for much. All connections of this JVM together get no more large ones
 * than an eighth of its memory: each may be held by somebody who stopped reading. One thread at a time.
 */
public final class ReadBuffers {
    /** The largest buffer that Jetty's pools keep. */
    public static final int USUAL = 64 * 1024;

    public static final int LARGE = 256 * 1024;

    /** A connection that brings no more than this at a time needs no large buffer any longer. */
    static final int LITTLE = 16 * 1024;

    private static final ByteBufferPool LARGE_ONES = new ArrayByteBufferPool(LARGE, LARGE, LARGE);
    private static final int MOST_LARGE_ONES =
            (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8 / LARGE);
    private static final AtomicInteger LARGE_ONES_LEFT = new AtomicInteger(MOST_LARGE_ONES);

    private final ByteBufferPool pool;
    private final AtomicInteger largeOnesLeft;
    private boolean large;
    private boolean little;

    public ReadBuffers(ByteBufferPool pool) {
        this(pool, LARGE_ONES_LEFT);
    }

    /**
     * As above.
     *
     * @param largeOnesLeft how many large buffers may be held at a time, counted down and up
     */
    public ReadBuffers(ByteBufferPool pool, AtomicInteger largeOnesLeft) {
        this.pool = pool;
        this.largeOnesLeft = largeOnesLeft;
    }

    /** Returns how many large buffers this JVM holds. */
    public static int largeOnesHeld() {
        return MOST_LARGE_ONES - LARGE_ONES_LEFT.get();
    }

    /** Returns a direct buffer of one of the two sizes. */
    public RetainableByteBuffer acquire() {
        if (large) {
            if (largeOnesLeft.getAndDecrement() > 0) {
                return new Lent(LARGE_ONES.acquire(LARGE, true), largeOnesLeft);
            }
            largeOnesLeft.getAndIncrement();
        }
        return pool.acquire(USUAL, true);
    }

    /**
     * A buffer was read into.
     *
     * @param bytes what is in it
     * @param full whether there was no room left
     */
    public void filled(int bytes, boolean full) {
        large = full || (large && bytes > LITTLE);
        little = bytes <= LITTLE;
    }

    /**
     * Whether the last read brought little: then there is hardly more yet, and asking the selector at once saves a read
     * that finds nothing. True once per read.
     */
    public boolean wasLittle() {
        boolean was = little;
        little = false;
        return was;
    }

    /** A large one, to be counted when it comes back. */
    private static final class Lent extends RetainableByteBuffer.Wrapper {
        private final AtomicInteger left;

        Lent(RetainableByteBuffer buffer, AtomicInteger left) {
            super(buffer);
            this.left = left;
        }

        @Override
        public boolean release() {
            boolean released = super.release();
            if (released) {
                left.getAndIncrement();
            }
            return released;
        }
    }
}
