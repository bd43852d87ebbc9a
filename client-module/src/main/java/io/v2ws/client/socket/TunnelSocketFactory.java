package io.v2ws.client.socket;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import javax.net.SocketFactory;

/**
 * Gives each socket a tunnel of its own, for libraries that take a {@link SocketFactory} (JDBC drivers, mail, SSH and
 * LDAP clients).
 *
 * <p>The server decides where a tunnel leads, so host and port of a socket have no effect: the socket keeps them for
 * {@link Socket#getRemoteSocketAddress()} and never looks them up. The sockets support blocking streams, read timeouts,
 * half-close (where the server supports it) and close; with {@code SO_LINGER} 0 close is a reset. Options that only a
 * TCP socket has are accepted and change nothing.
 *
 * <p>With early data, a socket to which nothing was written for the {@code serverFirstWait} of the client (300 ms if
 * that is zero) opens its tunnel without early data, so that protocols in which the server speaks first work.
 *
 * <p>With early data, {@link Socket#connect(java.net.SocketAddress, int)} returns at once. Its timeout then bounds the
 * handshake, from the first write or the end of that wait on: that write, or the reader, gets the {@link
 * java.net.SocketTimeoutException}.
 *
 * <p>An idle socket answers the pings of the server although nobody reads from it, until bytes for it have arrived.
 */
public final class TunnelSocketFactory extends SocketFactory {
    private final WebSocketTransportClient client;
    private final Duration connectTimeout;
    private final Duration serverFirstWait;

    /**
     * Makes a factory.
     *
     * @param client opens the tunnels; the caller closes it, after the sockets
     */
    public TunnelSocketFactory(WebSocketTransportClient client) {
        this.client = Objects.requireNonNull(client, "client");
        Duration wait = client.options().serverFirstWait();
        this.serverFirstWait = wait.isZero() ? WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT : wait;
        // The handshake has its own deadline; this one is a safety net behind that deadline.
        this.connectTimeout = client.options().handshakeTimeout().plusSeconds(5);
    }

    /** Returns a socket that opens its tunnel when it is connected, to any address. */
    @Override
    public Socket createSocket() {
        return new TunnelSocket(client, serverFirstWait);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    private Socket connected(InetSocketAddress address) throws IOException {
        TunnelSocket socket = new TunnelSocket(client, serverFirstWait);
        socket.connect(address, Math.toIntExact(connectTimeout.toMillis()));
        return socket;
    }
}
