package io.v2ws.server.standalone;

import io.v2ws.internal.io.TunnelEndPoint;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The end point of a client's connection. It closes the connection unless a whole request head arrives in time. Jetty
 * has an idle timeout only, which a client that sends one byte every few seconds never reaches.
 *
 * <p>The time for the first head counts from the accept, so it includes the TLS handshake. Where the connection stays
 * open behind a response, the same time for the next head counts from the end of that response. This end point is below
 * TLS, so the deadlines hold for encrypted connections as well.
 *
 * <p>A server that was suspended, or had no processor for long, may reach the deadline of a connection before it has
 * read what arrived in time. So the connection reads once more after the deadline. If it then asks for more, all bytes
 * that had arrived were read and are no whole head: the connection is closed. A client gains no time by sending a part
 * of a request late. A read that lasts is not judged until it ends, or until the timeout has passed a second time.
 */
final class DeadlineEndPoint extends TunnelEndPoint {
    private enum Stage {
        IN_TIME,
        /** The deadline is over. A connection that asks for more reads once more: its socket may have bytes. */
        DUE,
        /** The last read runs. */
        LAST_READ,
        /** The last read has ended. A connection that asks for more is closed. */
        READ
    }

    private final ManagedSelector selector;
    private final Scheduler scheduler;
    private final Executor executor;
    private final long millis;
    /** Of the head that is expected, or of the last one. */
    private volatile Deadline deadline;

    /**
     * Makes the end point.
     *
     * @param executor runs the last read, which may block
     * @param timeout from the accept to the end of the first request head, and between responses and later heads
     */
    DeadlineEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            Executor executor,
            Duration timeout) {
        super(channel, selector, key, scheduler);
        this.selector = selector;
        this.scheduler = scheduler;
        this.executor = executor;
        this.millis = timeout.toMillis();
        this.deadline = new Deadline();
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
        deadline.startClock();
    }

    /** A connection that asks for more gets here. */
    @Override
    public void updateKey() {
        super.updateKey();
        deadline.moreAsked();
    }

    /** The head of a request is there. */
    void headArrived() {
        deadline.stop();
    }

    /** A response has ended, and the connection has not begun to read the next head. */
    void expectNextHead() {
        Deadline next = new Deadline();
        deadline = next;
        next.startClock();
        if (!isOpen()) {
            next.stop();
        }
    }

    @Override
    public void onClose(Throwable failure) {
        deadline.stop();
        super.onClose(failure);
    }

    /** The deadline of one head. */
    private final class Deadline {
        private final AtomicBoolean decided = new AtomicBoolean();
        private volatile Scheduler.Task clock;
        /** Selector's thread only. */
        private Stage stage = Stage.IN_TIME;

        void startClock() {
            clock = scheduler.schedule(() -> selector.submit(keys -> expired()), millis, TimeUnit.MILLISECONDS);
        }

        void moreAsked() {
            if (stage != Stage.IN_TIME) {
                judge();
            }
        }

        private void expired() {
            if (stage != Stage.IN_TIME) {
                cut();
                return;
            }
            stage = Stage.DUE;
            startClock();
            if (decided.get()) {
                clock.cancel();
            }
            judge();
        }

        /** Only a connection that asks for more has handled all that it has read. */
        private void judge() {
            if (decided.get() || !isFillInterested()) {
                return;
            }
            if (stage == Stage.DUE) {
                stage = Stage.LAST_READ;
                try {
                    executor.execute(this::readOnceMore);
                } catch (RejectedExecutionException stopping) {
                    cut();
                }
            } else if (stage == Stage.READ) {
                cut();
            }
        }

        /** Does not rely on the selector: one select finds 1,024 sockets at most (JDK 17 on Linux). */
        private void readOnceMore() {
            try {
                // Does nothing where the selector was faster: that read also began after the deadline.
                getFillInterest().fillable();
            } finally {
                selector.submit(keys -> {
                    stage = Stage.READ;
                    judge();
                });
            }
        }

        private void cut() {
            if (decided.compareAndSet(false, true)) {
                clock.cancel();
                close(new TimeoutException("no whole request head within " + millis + " ms"));
            }
        }

        void stop() {
            // Where it was never opened there is no clock.
            if (decided.compareAndSet(false, true) && clock != null) {
                clock.cancel();
            }
        }
    }
}
