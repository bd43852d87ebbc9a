package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on 127.0.0.1 that connects its clients to where they want. It can know names that the system does not. */
abstract class ConnectingProxy implements AutoCloseable {
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();
    private final String credentials;
    private final SocketServer server;

    /**
     * Starts the proxy.
     *
     * @param credentials what it wants of its clients, as they write it; null for nothing
     */
    ConnectingProxy(String name, String credentials) throws IOException {
        this.credentials = credentials;
        server = new SocketServer(name, this::serve);
    }

    /** Serves one connection of a client. */
    abstract void serve(Socket socket) throws IOException;

    final String credentials() {
        return credentials;
    }

    public final int port() {
        return server.port();
    }

    public final InetSocketAddress address() {
        return server.address();
    }

    /**
     * Returns the targets that clients with the right credentials asked for, in order, each {@code host:port} as the
     * client wrote it.
     */
    public final List<String> targets() {
        return List.copyOf(targets);
    }

    /** Sends connections for this {@code host:port} elsewhere, so that names that do not exist can be used. */
    public final void route(String hostAndPort, InetSocketAddress address) {
        routes.put(hostAndPort, address);
    }

    /** Returns how many connections were accepted until now. */
    public final int acceptedConnections() {
        return server.acceptedConnections();
    }

    /** Stops listening and closes all connections. */
    @Override
    public final void close() {
        server.close();
    }

    /** Notes the target and connects to it. */
    final Socket connect(String hostAndPort) throws IOException {
        targets.add(hostAndPort);
        InetSocketAddress route = routes.get(hostAndPort);
        return server.connect(route == null ? resolve(hostAndPort) : route);
    }

    /** Relays between a client and its target until both directions have ended. */
    final void relay(Socket client, Socket target) throws IOException {
        Relay.run(server, client, target);
    }

    private static InetSocketAddress resolve(String hostAndPort) throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    hostAndPort.substring(0, Math.max(colon, 0)), Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException("not a target: " + hostAndPort, e);
        }
    }
}
