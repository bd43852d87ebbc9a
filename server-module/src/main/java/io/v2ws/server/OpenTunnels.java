package io.v2ws.server;

import io.v2ws.internal.websocket.FrameConnection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.Graceful;

/**
 * The open tunnels of a context, so that a server that stops gracefully (with a stop timeout) tells them: Close 1001, as
 * Jetty's own WebSocket layer does. Without a stop timeout Jetty just cuts.
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
