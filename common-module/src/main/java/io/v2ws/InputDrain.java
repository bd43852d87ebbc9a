package io.v2ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads and drops what still comes on a connection that this side has ended, until the far side ends too or a time has
 * passed. A socket that is closed with unread bytes, or gets some afterwards, answers with a reset, and a reset destroys
 * what the kernel has not sent yet.
 *
 * <p>One thread at a time runs it; {@link #start} may come from any.
 */
final class InputDrain implements Runnable {
    private static final int BUFFER = 16 * 1024;

    /** After so many reads other connections of the selector get their turn. */
    private static final int READS_PER_TURN = 64;

    /** Reads like {@link java.nio.channels.ReadableByteChannel#read}, into an empty buffer. */
    @FunctionalInterface
    interface Reader {
        /** Returns how many bytes were read, 0 for none yet, -1 for the end. */
        int read(ByteBuffer buffer) throws IOException;
    }

    private final ByteBufferPool pool;
    private final Reader reader;
    private final Runnable whenReadable;
    private final Runnable end;
    private final Deadline deadline;

    /**
     * Makes a drain.
     *
     * @param reader reads from the connection
     * @param whenReadable has {@link #run} called once there is something to read
     * @param end closes the connection; may be called more than once
     */
    InputDrain(ByteBufferPool pool, Scheduler scheduler, Reader reader, Runnable whenReadable, Runnable end) {
        this.pool = pool;
        this.reader = reader;
        this.whenReadable = whenReadable;
        this.end = end;
        this.deadline = new Deadline(scheduler);
    }

    /** Sets the time after which the connection is closed whether the far side has ended or not. */
    void endAfter(Duration time) {
        deadline.set(time, end);
    }

    /** Reads what is there; then waits for more, or ends. */
    @Override
    public void run() {
        if (drop()) {
            whenReadable.run();
        } else {
            deadline.end();
            end.run();
        }
    }

    /** Cancels the deadline: the connection is closed. */
    void cancel() {
        deadline.end();
    }

    /** Drops what is there; returns whether the far side may send more. */
    boolean drop() {
        RetainableByteBuffer buffer = pool.acquire(BUFFER, true);
        try {
            for (int reads = 0; reads < READS_PER_TURN; reads++) {
                int count = reader.read(buffer.getByteBuffer());
                if (count <= 0) {
                    return count == 0;
                }
            }
            return true;
        } catch (IOException | RuntimeException broken) {
            // Jetty's TLS end point fails so when another thread closes it meanwhile.
            return false;
        } finally {
            buffer.release();
        }
    }
}
