package io.v2ws.client;

import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;

/** The server, as Jetty's HTTP client sees it: each request gets a warm connection if there is one, else a fresh one. */
final class TunnelDestination extends HttpDestination {
    private final WarmConnections warmConnections;

    /**
     * Makes the destination.
     *
     * @param warmConnections null for none
     */
    TunnelDestination(HttpClient client, Origin origin, WarmConnections warmConnections) {
        super(client, origin);
        this.warmConnections = warmConnections;
    }

    @Override
    public void send(HttpExchange exchange) {
        if (warmConnections == null || !warmConnections.send(exchange)) {
            super.send(exchange);
        }
    }

    /**
     * Fails one request for one connection that could not be made; Jetty's own would fail all that wait, those too whose
     * connections are still on their way.
     */
    @Override
    public void failed(Throwable cause) {
        HttpExchange oldest = getHttpExchanges().peek();
        int coming = ((AbstractConnectionPool) getConnectionPool()).getPendingConnectionCount();
        if (oldest != null && getQueuedRequestCount() > coming) {
            oldest.getRequest().abort(cause);
        }
    }
}
