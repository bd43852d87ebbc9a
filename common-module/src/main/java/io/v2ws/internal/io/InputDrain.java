package io.v2ws.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads and drops what still comes on a connection that this side has ended, until the far side ends too or a time has
 * passed. A socket that is closed with unread bytes, or gets some afterwards, answers with a reset, and a reset
 * destroys what the kernel has not sent yet.
 *
 * <p>Safe for any thread: who ends the connection runs it first, and the selector may come in between.
 */
public final class InputDrain implements Runnable {
    /**
     * How long a far side that does not end its output may hold a connection that this side has ended. The kernel goes
     * on delivering after that, unless the far side sends.
     */
    public static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int BUFFER = 16 * 1024;

    /**
     * After so many reads (1 MiB) there is a pause: a far side that sends without end shall not keep a processor busy.
     */
    private static final int READS_PER_TURN = 64;

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Reads like {@link java.nio.channels.ReadableByteChannel#read}, into an empty buffer. */
    @FunctionalInterface
    public interface Reader {
        /** Returns how many bytes were read, 0 for none yet, -1 for the end. */
        int read(ByteBuffer buffer) throws IOException;
    }

    private final ByteBufferPool pool;
    private final Reader reader;
    private final Runnable whenReadable;
    private final Runnable end;
    private final Scheduler scheduler;
    private final Deadline deadline;
    /** Guards the reading: the connection is read by one thread at a time. */
    private final AutoLock lock = new AutoLock();

    /** Whether the end of the far side's output does not end the drain. */
    private volatile boolean holding;

    /** What the last read told. */
    enum Found {
        NOTHING_YET,
        MORE,
        END,
        BROKEN
    }

    /**
     * Makes a drain.
     *
     * @param reader reads from the connection
     * @param whenReadable has {@link #run} called once there is something to read
     * @param end closes the connection; may be called more than once
     */
    public InputDrain(ByteBufferPool pool, Scheduler scheduler, Reader reader, Runnable whenReadable, Runnable end) {
        this.pool = pool;
        this.reader = reader;
        this.whenReadable = whenReadable;
        this.end = end;
        this.scheduler = scheduler;
        this.deadline = new Deadline(scheduler);
    }

    /**
     * Ends the output of a connection: a FIN behind everything written, with TLS a close_notify before it. What still
     * comes is dropped for {@link #LONGEST} at most.
     */
    public void finish(EndPoint endPoint) {
        boolean jettysTls = endPoint instanceof SslConnection.SslEndPoint && TunnelEndPoint.of(endPoint) == null;
        if (jettysTls || !TcpReset.hasSocket(endPoint)) {
            // Below Jetty's TLS, an end of input behind the end of the output would close from within a read. The
            // Servlet API has no end of output.
            drop();
            endPoint.close();
            return;
        }
        endPoint.shutdownOutput();
        endAfter(LONGEST);
        run();
    }

    /** Sets the time after which the connection is closed whether the far side has ended or not. */
    public void endAfter(Duration time) {
        deadline.set(time, end);
    }

    /**
     * As {@link #endAfter}, but only a broken connection ends it earlier: behind its FIN the far side may still be
     * reading.
     */
    public void hold(Duration time) {
        holding = true;
        endAfter(time);
    }

    /** Reads what is there; then waits for more, or ends. */
    @Override
    public void run() {
        switch (drop()) {
            case NOTHING_YET -> whenReadable.run();
            case MORE -> scheduler.schedule(this, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            case END -> {
                if (!holding) {
                    endNow();
                }
            }
            case BROKEN -> endNow();
        }
    }

    private void endNow() {
        deadline.end();
        end.run();
    }

    /** Cancels the deadline: the connection is closed. */
    public void cancel() {
        deadline.end();
    }

    /** Drops what is there, of much of it a part. */
    public Found drop() {
        RetainableByteBuffer buffer = pool.acquire(BUFFER, true);
        try (AutoLock ignored = lock.lock()) {
            for (int reads = 0; reads < READS_PER_TURN; reads++) {
                int count = reader.read(buffer.getByteBuffer());
                if (count <= 0) {
                    return count == 0 ? Found.NOTHING_YET : Found.END;
                }
            }
            return Found.MORE;
        } catch (IOException | RuntimeException broken) {
            // Jetty's TLS end point fails so when another thread closes it meanwhile.
            return Found.BROKEN;
        } finally {
            buffer.release();
        }
    }
}
