package io.v2ws.cli;

import io.v2ws.QuietEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that is closed unless a whole request head arrives in time. Jetty knows an idle timeout only, and a byte
 * every few seconds keeps that away for ever.
 *
 * <p>The clock runs from the accept, so a TLS handshake counts, until the head of the request is there; then anew from
 * the first byte behind each answer. Between the two nothing runs: a connection kept alive is the idle timeout's
 * business, and an upgraded one nobody's. It stands below TLS, so encrypted connections are no exception.
 */
final class DeadlineEndPoint extends QuietEndPoint {
    private final Scheduler scheduler;
    private final Duration timeout;
    private final AtomicReference<Deadline> running = new AtomicReference<>();
    /** Whether the next byte begins a request; the connection's own threads hand it on one to the other. */
    private volatile boolean answered;

    DeadlineEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Duration timeout) {
        super(channel, selector, key, scheduler);
        this.scheduler = scheduler;
        this.timeout = timeout;
    }

    /** Returns the connection below TLS, if it is one of these, else null. */
    static DeadlineEndPoint below(EndPoint endPoint) {
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        return lowest instanceof DeadlineEndPoint found ? found : null;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        start();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0 && answered) {
            answered = false;
            start();
        }
        return filled;
    }

    /** The head of a request is there. */
    void headArrived() {
        answered = false;
        stop();
    }

    /** The request was answered, and the connection stays HTTP. */
    void answered() {
        answered = true;
    }

    @Override
    public void onClose(Throwable failure) {
        stop();
        super.onClose(failure);
    }

    private void start() {
        Deadline deadline = new Deadline();
        stop(running.getAndSet(deadline));
        deadline.task = scheduler.schedule(deadline, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        stop(running.getAndSet(null));
    }

    private static void stop(Deadline deadline) {
        Scheduler.Task task = deadline == null ? null : deadline.task;
        if (task != null) {
            task.cancel();
        }
    }

    /** One run of the clock; whoever takes it out of {@code running} decides how it ends. */
    private final class Deadline implements Runnable {
        private volatile Scheduler.Task task;

        @Override
        public void run() {
            if (running.compareAndSet(this, null)) {
                close(new TimeoutException("no whole request head within " + timeout.toMillis() + " ms"));
            }
        }
    }
}
