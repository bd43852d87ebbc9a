package io.v2ws.server;

import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.LastingEndPoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.Graceful;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a filter's open tunnels. When the server stops gracefully, this sends their clients a Close frame
 * (1001, going away), as Jetty's own WebSocket layer does. Jetty calls {@link #shutdown} only if the server has a
 * stop timeout.
 */
final class OpenTunnels implements Connection.Listener, Graceful {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTunnels.class);

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private final AtomicInteger opening = new AtomicInteger();
    private volatile boolean shutdown;

    /** A tunnel is about to open: the end of them all waits for it. {@link #opened} must follow. */
    void opening() {
        opening.incrementAndGet();
    }

    /** A tunnel that was about to open has opened, or failed. */
    void opened() {
        opening.decrementAndGet();
        completeIfEmpty();
    }

    @Override
    public void onOpened(Connection connection) {
        open.add(connection);
        if (shutdown) {
            goAway(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
        completeIfEmpty();
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        shutdown = true;
        open.forEach(OpenTunnels::goAway);
        completeIfEmpty();
        return empty;
    }

    private static void goAway(Connection connection) {
        // Jetty's WebSocket layer tells the clients of its connections itself.
        if (connection instanceof FrameConnection tunnel) {
            tunnel.goAway();
        }
    }

    /**
     * Ends the connections. One cannot outlive its filter: the filter stops the scheduler that bounds the wait for the
     * peer.
     *
     * @param patience how long peers may take to end them
     */
    void close(Duration patience) {
        try {
            shutdown().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException peerStays) {
            LOG.debug("Connections whose peers did not end them in time are cut");
        }
        open.forEach(OpenTunnels::cut);
    }

    private static void cut(Connection connection) {
        EndPoint endPoint = connection.getEndPoint();
        (endPoint instanceof LastingEndPoint lasting ? lasting.unwrap() : endPoint).close();
    }

    private void completeIfEmpty() {
        if (shutdown && opening.get() == 0 && open.isEmpty()) {
            empty.complete(null);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }
}
