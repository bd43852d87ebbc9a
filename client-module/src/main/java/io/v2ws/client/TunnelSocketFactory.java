package io.v2ws.client;

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
 * <p>The far end of a tunnel is fixed by its server, so host and port of a socket lead nowhere: they are kept for
 * {@link Socket#getRemoteSocketAddress()} and never looked up. The sockets have working blocking streams, read timeouts,
 * half-close (where the server knows it) and close; {@code SO_LINGER} 0 makes close a reset. Options that only a real TCP
 * socket has are accepted and change nothing.
 *
 * <p>With early data, a socket to which nothing was written for {@code serverFirstWait} (300 ms where the client has none)
 * opens its tunnel without, so that protocols in which the server speaks first work.
 */
public final class TunnelSocketFactory extends SocketFactory {
    private final WebSocketTransportClient client;
    private final Duration connectTimeout;
    private final Duration serverFirstWait;

    /**
     * Makes a factory.
     *
     * @param client opens the tunnels; stays the caller's, and must outlive the sockets
     */
    public TunnelSocketFactory(WebSocketTransportClient client) {
        this.client = Objects.requireNonNull(client, "client");
        this.serverFirstWait = LocalForwarder.serverFirstWait(client);
        // The handshake has a deadline of its own; this one is only a safety net beyond it.
        this.connectTimeout = client.options().handshakeTimeout().plusSeconds(5);
    }

    /** Returns a socket that opens its tunnel when it is connected, to whatever address. */
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
