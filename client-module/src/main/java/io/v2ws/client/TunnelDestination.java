package io.v2ws.client;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.IConnection;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.util.Promise;

/**
 * The server, as Jetty's HTTP client sees it: each request gets a warm connection if there is one, else one made for it.
 *
 * <p>Jetty's pool would open one too many whenever a tunnel comes about while others are on their way, keep that and the
 * connections of requests that were given up, and hand them to later ones: just when the server closes them for having
 * been idle.
 */
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
    protected ConnectionPool newConnectionPool(HttpClient client) {
        return new NoPool();
    }

    @Override
    public void send(HttpExchange exchange) {
        if (warmConnections != null && warmConnections.send(exchange)) {
            return;
        }
        // It waits in the queue, where its deadline and the end of the client find it.
        super.send(exchange);
        newConnection(Promise.from(
                connection -> send(exchange, connection),
                failure -> exchange.getRequest().abort(failure)));
    }

    private void send(HttpExchange exchange, Connection connection) {
        if (!remove(exchange)) {
            // Given up meanwhile.
            connection.close();
            return;
        }
        SendFailure failure = send((IConnection) connection, exchange);
        if (failure != null) {
            exchange.getRequest().abort(failure.failure);
            connection.close();
        }
    }

    /** Has no connection for anyone, and keeps none. */
    private static final class NoPool implements ConnectionPool {
        @Override
        public Connection acquire(boolean create) {
            return null;
        }

        @Override
        public boolean accept(Connection connection) {
            return false;
        }

        @Override
        public boolean isActive(Connection connection) {
            return true;
        }

        @Override
        public boolean release(Connection connection) {
            // To be closed.
            return false;
        }

        @Override
        public boolean remove(Connection connection) {
            return false;
        }

        @Override
        public boolean isEmpty() {
            return true;
        }
    }
}
