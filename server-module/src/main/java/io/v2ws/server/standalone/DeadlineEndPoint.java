package io.v2ws.server.standalone;

import io.v2ws.internal.io.QuietEndPoint;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
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
 * <p>The deadline counts from the accept, so it includes the TLS handshake, and ends when the request head has been
 * read. There is one request per connection: the connection becomes a tunnel, or ends with the response. This end
 * point is below TLS, so the deadline holds for encrypted connections as well.
 *
 * <p>Only slow clients are closed. A server that was suspended, or had no processor for long, may reach the deadline
 * of a connection before it has read what arrived in time. So at the deadline the selector checks the socket once
 * more. If the socket has something to read, or the server still handles what it has read, the connection gets the
 * timeout a second and last time.
 */
final class DeadlineEndPoint extends QuietEndPoint {
    private final ManagedSelector selector;
    private final SelectionKey key;
    private final Scheduler scheduler;
    private final Duration timeout;
    /** Set once: by the request head, by the deadline, or by the end of the connection. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private volatile Scheduler.Task clock;
    /** Whether the selector has found the socket ready since the deadline. */
    private volatile boolean foundReady;
    /**
     * Whether the selector waits for input, so that nothing that arrived earlier is being handled. Selector thread
     * only.
     */
    private boolean watched;
    /** Whether the clock runs for the second time. Selector thread only. */
    private boolean extended;

    DeadlineEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Duration timeout) {
        super(channel, selector, key, scheduler);
        this.selector = selector;
        this.key = key;
        this.scheduler = scheduler;
        this.timeout = timeout;
    }

    /** Returns the end point below TLS if it has a deadline, else null. */
    static DeadlineEndPoint below(EndPoint endPoint) {
        return QuietEndPoint.of(endPoint) instanceof DeadlineEndPoint found ? found : null;
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
            // The inner task runs after another select, when the selector has handled every socket that was ready.
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

    /** Ends the deadline: the request head has been read. */
    void headArrived() {
        stopClock();
    }

    private void stopClock() {
        // A connection that was never opened has no clock.
        if (decided.compareAndSet(false, true) && clock != null) {
            clock.cancel();
        }
    }

    @Override
    public void onClose(Throwable failure) {
        stopClock();
        super.onClose(failure);
    }
}
