package io.v2ws.cli;

import io.v2ws.internal.io.QuietEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
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
 * <p>The clock runs from the accept, so a TLS handshake counts, until the head of the request is there. There is only one
 * request: the connection becomes a tunnel or ends with the answer. This stands below TLS, so encrypted connections are no
 * exception. It also sends the answer together with the first frame behind it, see {@link HeldAnswer}.
 *
 * <p>Only a slow client is cut. A server that was stopped, or had no processor for long, finds the deadline of a connection
 * over before it has read what arrived in time. So the selector looks at the sockets once more; where it finds something to
 * read, or what was read is still being handled, the connection gets the timeout a second and last time.
 */
final class DeadlineEndPoint extends QuietEndPoint {
    private final ManagedSelector selector;
    private final SelectionKey key;
    private final Scheduler scheduler;
    private final Duration timeout;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final HeldAnswer answer = new HeldAnswer(super::flush);
    private volatile Scheduler.Task clock;
    /** Whether the selector found the socket ready since the deadline. */
    private volatile boolean foundReady;
    /** Whether the selector watches for more to read: nothing that arrived before is being handled. Selector's thread only. */
    private boolean watched;
    /** Whether the clock runs for the second time. Selector's thread only. */
    private boolean extended;

    DeadlineEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Duration timeout) {
        super(channel, selector, key, scheduler);
        this.selector = selector;
        this.key = key;
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
        startClock();
    }

    private void startClock() {
        clock = scheduler.schedule(this::expired, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expired() {
        foundReady = false;
        selector.submit(keys -> {
            boolean watchedBefore = watched;
            // This one runs after a select, and after the selector has gone through all sockets that were ready.
            selector.submit(sameKeys -> judge(watchedBefore && !foundReady));
        });
    }

    private void judge(boolean nothingToRead) {
        if (nothingToRead || extended) {
            if (decided.compareAndSet(false, true)) {
                close(new TimeoutException("no whole request head within " + timeout.toMillis() + " ms"));
            }
            return;
        }
        extended = true;
        startClock();
        if (decided.get()) {
            clock.cancel();
        }
    }

    @Override
    public Runnable onSelected() {
        if (!decided.get()) {
            foundReady = true;
        }
        watched = false;
        return super.onSelected();
    }

    @Override
    public void updateKey() {
        super.updateKey();
        watched = key.isValid() && (key.interestOps() & SelectionKey.OP_READ) != 0;
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
