package io.v2ws.client;

import java.io.EOFException;
import java.io.IOException;
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
 * A connection that is open through TCP, proxy and TLS, and waits for its one request. Jetty's connection pool does not
 * know it. Safe for any thread.
 */
final class WarmConnection implements CyclicTimeouts.Expirable {
    /** The state of the socket of an idle connection. */
    enum SocketState {
        QUIET,
        /** TLS bytes have arrived that were not read yet: session tickets, or a close_notify. */
        BUSY,
        ENDED
    }

    private final IConnection connection;
    /** The same connection, below HTTP. */
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
     * Opens a connection.
     *
     * @param timeout for TCP, proxy and TLS together
     * @return completes with the connection once TLS is done; completing the future from outside closes the connection
     */
    static CompletableFuture<WarmConnection> open(HttpDestination destination, Duration timeout) {
        CompletableFuture<WarmConnection> result = new CompletableFuture<>();
        long born = System.nanoTime();
        Opening opening = new Opening(Promise.from(
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
        Scheduler.Task deadline = destination
                .getHttpClient()
                .getScheduler()
                .schedule(
                        () -> result.completeExceptionally(
                                opening.timeout("not open within " + timeout.toMillis() + " ms: ")),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        result.whenComplete((opened, failure) -> deadline.cancel());
        try {
            destination.newConnection(opening);
        } catch (RuntimeException x) {
            result.completeExceptionally(x);
        }
        return result;
    }

    /** Does the TLS handshake now; Jetty would do it with the first request. */
    private void secure(Executor executor, CompletableFuture<WarmConnection> result) {
        if (!(endPoint instanceof SslConnection.SslEndPoint secured)) {
            result.complete(this);
            return;
        }
        // The handshake fails before the connection closes, and is the better reason.
        AtomicReference<Throwable> refused = new AtomicReference<>();
        // Jetty calls the listener with its lock held, so another thread completes the result.
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

    /** Calls when the connection has ended or was upgraded; at once if that has happened already. */
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

    /**
     * Sets the age in nanoseconds at which the owner closes it. The idle timeout is off, and the replacement opens
     * earlier.
     */
    void keep(long newHardAge) {
        hardAge = newHardAge;
        // Spread, so that connections opened together are not replaced together.
        softAge = ThreadLocalRandom.current().nextLong(hardAge / 4 * 3, hardAge / 10 * 9);
        endPoint.setIdleTimeout(0);
    }

    /** Asks the socket itself: Jetty may not have read yet what has arrived. */
    SocketState socketState() {
        // Bytes received before any request are not a response, and Jetty is about to close.
        if (connection.isClosed() || !endPoint.isOpen() || endPoint.isInputShutdown() || isAnswered()) {
            return SocketState.ENDED;
        }
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        SocketChannel channel = (SocketChannel) lowest.getTransport();
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.selectNow() == 0) {
                return SocketState.QUIET;
            }
            boolean bytes = channel.socket().getInputStream().available() > 0;
            // Without TLS, a server has nothing to send before a request.
            return bytes && lowest != endPoint ? SocketState.BUSY : SocketState.ENDED;
        } catch (IOException | RuntimeException x) {
            return SocketState.ENDED;
        }
    }

    /** Sends a request and marks it; returns whether it went out. The connection is used up in either case. */
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

    /** Whether at least one byte has come from the server. */
    boolean isAnswered() {
        return carrier.getBytesIn() > 0;
    }

    boolean isClosed() {
        return connection.isClosed();
    }

    void close() {
        connection.close();
    }

    /** When the opening began, by {@link System#nanoTime()}; the server may count its idle timeout from then. */
    long born() {
        return born;
    }

    /** Nanoseconds since {@link #born}. */
    long age() {
        return System.nanoTime() - born;
    }

    /** The age from which it is replaced. */
    long softAge() {
        return softAge;
    }

    /** The age at which it is closed, replaced or not. */
    long hardAge() {
        return hardAge;
    }

    /** Sets the age at which the owner checks it next. */
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
