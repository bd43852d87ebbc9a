package io.v2ws.cli;

import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that is closed unless a whole request head arrives in time. Jetty knows an idle timeout only, and a byte
 * every few seconds keeps that away for ever.
 *
 * <p>The clock runs from the accept, so a TLS handshake counts, until the head of the request is there. There is only
 * one request: the connection becomes a tunnel or ends with the answer. This stands below TLS, so encrypted connections
 * are no exception. It also sends the answer together with the first frame behind it, see {@link HeldAnswer}.
 *
 * <p>A server that was stopped, or had no processor for long, may find the deadline over before it has read what
 * arrived in time. So the connection reads once more after the deadline, and is closed when it then asks for more: all
 * that had arrived was read, and is no whole head. A client gains no time by sending a part of a request late. A read
 * that goes on all the while is not judged until it ends, or until the timeout has passed a second time.
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
    private final Duration timeout;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final HeldAnswer answer = new HeldAnswer(super::flush);
    private volatile Scheduler.Task clock;
    /** Selector's thread only. */
    private Stage stage = Stage.IN_TIME;

    /**
     * Makes the end point.
     *
     * @param executor runs the last read, which may block
     * @param timeout from the accept to the end of the request head
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
        startClock();
    }

    private void startClock() {
        clock = scheduler.schedule(() -> selector.submit(keys -> expired()), timeout.toMillis(), TimeUnit.MILLISECONDS);
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

    /** A connection that asks for more gets here. */
    @Override
    public void updateKey() {
        super.updateKey();
        if (stage != Stage.IN_TIME) {
            judge();
        }
    }

    private void cut() {
        if (decided.compareAndSet(false, true)) {
            clock.cancel();
            close(new TimeoutException("no whole request head within " + timeout.toMillis() + " ms"));
        }
    }

    /** The head of the request is there. */
    void headArrived() {
        stop();
    }

    /** The next write is an answer, see {@link HeldAnswer#expect}. */
    void answering(boolean upgrade) {
        answer.expect(upgrade);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return answer.flush(buffers);
    }

    @Override
    public void upgrade(Connection tunnel) {
        try {
            super.upgrade(tunnel);
            // For the case that no frame has followed it after all.
            answer.release();
        } catch (IOException x) {
            close(x);
        } catch (RuntimeException x) {
            close(x);
            throw x;
        }
    }

    private void stop() {
        // Where it was never opened there is no clock.
        if (decided.compareAndSet(false, true) && clock != null) {
            clock.cancel();
        }
    }

    @Override
    public void onClose(Throwable failure) {
        stop();
        super.onClose(failure);
    }
}
