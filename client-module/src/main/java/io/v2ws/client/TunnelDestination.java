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
 * The server, as Jetty's HTTP client sees it: each request gets a warm connection if there is one, else a new
 * connection.
 *
 * <p>Replaces Jetty's connection pool. The pool opens one connection too many when a tunnel opens while others are
 * being opened, keeps that one and the connections of cancelled requests, and gives them to later requests, possibly
 * just when the server closes them as idle.
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
        // The request waits in the queue, so that its deadline and the stop of the client can end it.
        super.send(exchange);
        newConnection(Opening.of(
                exchange.getRequest(),
                Promise.from(
                        connection -> send(exchange, connection),
                        failure -> exchange.getRequest().abort(failure))));
    }

    private void send(HttpExchange exchange, Connection connection) {
        if (!remove(exchange)) {
            // Cancelled meanwhile.
            connection.close();
            return;
        }
        SendFailure failure = send((IConnection) connection, exchange);
        if (failure != null) {
            exchange.getRequest().abort(failure.failure);
            connection.close();
        }
    }

    /** An empty pool: it has no connections and keeps none. */
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
            // Not kept; Jetty closes it.
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
