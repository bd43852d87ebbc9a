package io.v2ws.server;

import io.v2ws.internal.websocket.FrameConnection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.Graceful;

/**
 * The open tunnels of a servlet context. When the server stops gracefully, this sends their clients a Close frame
 * (1001, going away), as Jetty's own WebSocket layer does. Jetty calls {@link #shutdown} only if the server has a
 * stop timeout; without one it closes the connections.
 */
final class OpenTunnels implements Connection.Listener, Graceful {
    private final Set<FrameConnection> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean shutdown;

    @Override
    public void onOpened(Connection connection) {
        FrameConnection tunnel = (FrameConnection) connection;
        open.add(tunnel);
        if (shutdown) {
            tunnel.goAway();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove((FrameConnection) connection);
        completeIfEmpty();
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        shutdown = true;
        open.forEach(FrameConnection::goAway);
        completeIfEmpty();
        return empty;
    }

    /** Closes the connections that are still there. Peers may have been told by {@link #shutdown} and not have answered. */
    void cut() {
        open.forEach(tunnel -> tunnel.getEndPoint().close());
    }

    private void completeIfEmpty() {
        if (shutdown && open.isEmpty()) {
            empty.complete(null);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }
}
