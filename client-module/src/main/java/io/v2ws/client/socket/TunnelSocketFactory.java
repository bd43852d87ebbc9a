package io.v2ws.client.socket;

import io.v2ws.client.WebSocketTransportClient;
import java.net.Socket;
import java.util.Objects;
import javax.net.SocketFactory;

/**
 * Gives each socket a tunnel of its own, for libraries that take a {@link SocketFactory} (JDBC drivers, mail, SSH and
 * LDAP clients). Where a JDBC driver makes its factory itself, from the name of a class, use {@link PostgresSocketFactory}
 * or {@link MariaDbSocketFactory}.
 *
 * <p>The server decides where a tunnel leads, so host and port of a socket have no effect: the socket keeps them for
 * {@link Socket#getRemoteSocketAddress()} and never looks them up. The sockets support blocking streams, read timeouts,
 * half-close (where the server supports it) and close; with {@code SO_LINGER} 0 close is a reset. Options that only a
 * TCP socket has are accepted and change nothing.
 *
 * <p>With early data, a socket to which nothing was written for the {@code serverFirstWait} of the client (300 ms if
 * that is zero) opens its tunnel without early data, so that protocols in which the server speaks first work. Where the
 * server did speak first, the next sockets of this factory open their tunnels at once, until one is written to before
 * it has been read from, unless the options turn {@link io.v2ws.WebSocketTransportOptions#serverFirstLearning} off.
 *
 * <p>With early data, {@link Socket#connect(java.net.SocketAddress, int)} returns at once. Its timeout then bounds the
 * handshake, from the first write or the end of that wait on: that write, or the reader, gets the {@link
 * java.net.SocketTimeoutException}.
 *
 * <p>An idle socket answers the pings of the server although nobody reads from it, until bytes for it have arrived.
 */
public final class TunnelSocketFactory extends AbstractTunnelSocketFactory {
    /**
     * Makes a factory.
     *
     * @param client opens the tunnels; the caller closes it, after the sockets
     */
    public TunnelSocketFactory(WebSocketTransportClient client) {
        super(new GivenClient(ClientSource.Tunnels.of(Objects.requireNonNull(client, "client"))));
    }

    /** A client that the caller has made, and closes. */
    private record GivenClient(Tunnels tunnels) implements ClientSource {
        @Override
        public Tunnels acquire() {
            return tunnels;
        }

        @Override
        public void release() {
            // The client stays until the caller closes it.
        }

        @Override
        public String toString() {
            return tunnels.client().toString();
        }
    }
}
