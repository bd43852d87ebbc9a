package io.v2ws.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.IConnection;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that is open through TCP, proxy and TLS, and waits for its one request. It is none of those in Jetty's pool.
 * Safe for any thread.
 */
final class WarmConnection implements CyclicTimeouts.Expirable {
    /** What the socket says of an idle connection. */
    enum Pulse {
        QUIET,
        /** There are bytes of TLS that nobody has looked at yet: session tickets, or the notice of an end. */
        BUSY,
        ENDED
    }

    private final IConnection connection;
    /** The same, below HTTP. */
    private final AbstractConnection carrier;

    private final EndPoint endPoint;
    private final long usualIdleTimeout;
    private final long born;
    private volatile long expires = Long.MAX_VALUE;
    private long softAge;
    private long hardAge;

    private WarmConnection(org.eclipse.jetty.client.Connection connection, long born) {
        this.connection = (IConnection) connection;
        this.carrier = (AbstractConnection) connection;
        this.endPoint = carrier.getEndPoint();
        this.usualIdleTimeout = endPoint.getIdleTimeout();
        this.born = born;
    }

    /**
     * Opens one.
     *
     * @param timeout for TCP, proxy and TLS together
     * @return completes with it once TLS is done; completing it from outside gives the connection up
     */
    static CompletableFuture<WarmConnection> open(HttpDestination destination, Duration timeout) {
        CompletableFuture<WarmConnection> result = new CompletableFuture<>();
        long born = System.nanoTime();
        Scheduler.Task deadline = destination
                .getHttpClient()
                .getScheduler()
                .schedule(
                        () -> result.completeExceptionally(
                                new SocketTimeoutException("not open within " + timeout.toMillis() + " ms")),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        result.whenComplete((opened, failure) -> deadline.cancel());
        try {
            destination.newConnection(Promise.from(
                    connection -> {
                        WarmConnection warm = new WarmConnection(connection, born);
                        result.whenComplete((opened, failure) -> {
                            if (failure != null) {
                                warm.close();
                            }
                        });
                        warm.secure(destination.getHttpClient().getExecutor(), result);
                    },
                    result::completeExceptionally));
        } catch (RuntimeException x) {
            result.completeExceptionally(x);
        }
        return result;
    }

    /** Jetty leaves the TLS handshake to the first request; here it must be over by then. */
    private void secure(Executor executor, CompletableFuture<WarmConnection> result) {
        if (!(endPoint instanceof SslConnection.SslEndPoint secured)) {
            result.complete(this);
            return;
        }
        // Known before the connection ends by it.
        AtomicReference<Throwable> refused = new AtomicReference<>();
        // Jetty calls with its lock held, so the rest is done elsewhere.
        secured.getSslConnection().addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                executor.execute(() -> result.complete(WarmConnection.this));
            }

            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                refused.set(failure);
                executor.execute(() -> result.completeExceptionally(failure));
            }
        });
        onEnd(() -> result.completeExceptionally(
                refused.get() != null
                        ? refused.get()
                        : new EOFException("the connection ended inside the TLS handshake")));
        secured.write(Callback.from(() -> {}, result::completeExceptionally), ByteBuffer.allocate(0));
    }

    /** Calls when the connection has ended or was upgraded, at once if it has already. */
    void onEnd(Runnable action) {
        carrier.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection closed) {
                action.run();
            }
        });
        if (connection.isClosed()) {
            action.run();
        }
    }

    /** Lets nothing end it but its age, in nanoseconds, which its owner minds; somewhat earlier it is to be replaced. */
    void keep(long newHardAge) {
        hardAge = newHardAge;
        // Not all at the same time.
        softAge = ThreadLocalRandom.current().nextLong(hardAge / 4 * 3, hardAge / 10 * 9);
        endPoint.setIdleTimeout(0);
    }

    /** Asks the socket itself: what has arrived may be on its way through Jetty still. */
    Pulse pulse() {
        // Whatever was said to nobody was no answer, and Jetty is about to close.
        if (connection.isClosed() || !endPoint.isOpen() || endPoint.isInputShutdown() || isAnswered()) {
            return Pulse.ENDED;
        }
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        SocketChannel channel = (SocketChannel) lowest.getTransport();
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.selectNow() == 0) {
                return Pulse.QUIET;
            }
            boolean bytes = channel.socket().getInputStream().available() > 0;
            // Plain HTTP has nothing to say before it is asked.
            return bytes && lowest != endPoint ? Pulse.BUSY : Pulse.ENDED;
        } catch (IOException | RuntimeException x) {
            return Pulse.ENDED;
        }
    }

    /** Sends a request and marks it; returns whether it went out, and the connection is used up in any case. */
    boolean send(HttpExchange exchange) {
        endPoint.setIdleTimeout(usualIdleTimeout);
        exchange.getRequest().attribute(WarmConnection.class.getName(), this);
        if (connection.send(exchange) == null) {
            return true;
        }
        exchange.getRequest().attribute(WarmConnection.class.getName(), null);
        close();
        return false;
    }

    /** Whether the server has said anything, a byte at least. */
    boolean isAnswered() {
        return carrier.getBytesIn() > 0;
    }

    boolean isClosed() {
        return connection.isClosed();
    }

    void close() {
        connection.close();
    }

    /** When the opening began, by {@link System#nanoTime()}: the server's clock may run since then. */
    long born() {
        return born;
    }

    /** Nanoseconds since then. */
    long age() {
        return System.nanoTime() - born;
    }

    /** The age from which on it is replaced. */
    long softAge() {
        return softAge;
    }

    /** The age at which it is closed, replaced or not. */
    long hardAge() {
        return hardAge;
    }

    /** Sets the age at which its owner wants to look at it next. */
    void expireAt(long age) {
        expires = born + age;
    }

    void expireNever() {
        expires = Long.MAX_VALUE;
    }

    @Override
    public long getExpireNanoTime() {
        return expires;
    }
}
