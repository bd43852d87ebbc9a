package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.relay.Relay;
import io.v2ws.relay.RelayOutcome;
import io.v2ws.tcp.TcpAcceptor;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local TCP port in front of a tunnel: each connection gets its own WebSocket. A connection that fails is reset and
 * logged; the forwarder goes on listening.
 *
 * <p>With early data, a connection on which nothing arrives for a while (default 300 ms) upgrades without early data,
 * so that protocols in which the server speaks first work (C8). Where the server did speak first, the next connections
 * upgrade at once, until the local side is the first again, unless the options turn {@link
 * WebSocketTransportOptions#serverFirstLearning} off.
 */
public final class LocalForwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalForwarder.class);

    /** The first one; its threads and options are those of the local connections. */
    private final WebSocketTransportClient client;

    private final Failover servers;
    private final ServerFirstWait serverFirstWait;
    private TcpAcceptor acceptor;

    private LocalForwarder(List<WebSocketTransportClient> clients, Duration serverFirstWait) {
        this.client = clients.get(0);
        this.servers = new Failover(clients, System::nanoTime);
        this.serverFirstWait =
                new ServerFirstWait(serverFirstWait, client.options().serverFirstLearning());
    }

    /**
     * Starts to listen, with the {@code serverFirstWait} of the client, or 300 ms if that is zero.
     *
     * @param client opens the tunnels; the caller closes it, after the forwarder
     * @param listen the address; port 0 takes a free one, see {@link #localAddress()}
     * @throws IOException if the address cannot be bound
     */
    public static LocalForwarder start(WebSocketTransportClient client, InetSocketAddress listen) throws IOException {
        Duration wait = client.options().serverFirstWait();
        return start(
                client, listen, wait.isZero() ? WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT : wait);
    }

    /**
     * Starts to listen, see {@link #start(WebSocketTransportClient, InetSocketAddress)}.
     *
     * @param serverFirstWait how long to wait for bytes before the upgrade goes out without early data; zero waits
     *     without limit
     */
    public static LocalForwarder start(
            WebSocketTransportClient client, InetSocketAddress listen, Duration serverFirstWait) throws IOException {
        return start(client, HostAndPort.of(listen), serverFirstWait);
    }

    /**
     * Starts to listen on all addresses of a name, see {@link #start(WebSocketTransportClient, InetSocketAddress,
     * Duration)}. Blocking: looks the name up.
     *
     * @param listen port 0 takes one that is free on all addresses
     */
    public static LocalForwarder start(WebSocketTransportClient client, HostAndPort listen, Duration serverFirstWait)
            throws IOException {
        return start(List.of(client), listen, serverFirstWait);
    }

    /**
     * Starts to listen in front of several servers, as {@link #start(WebSocketTransportClient, HostAndPort, Duration)}.
     * Each connection goes to the first server that accepts a tunnel (C23). A minute after another server took over, a
     * connection tries the first one again.
     *
     * @param clients at least one, in the order of preference. The first one lends its threads; its options apply to
     *     the local connections. The caller closes the clients after the forwarder, the first one last
     * @throws IllegalArgumentException if there is no client
     */
    public static LocalForwarder start(
            List<WebSocketTransportClient> clients, HostAndPort listen, Duration serverFirstWait) throws IOException {
        if (clients.isEmpty()) {
            throw new IllegalArgumentException("clients: expected at least one, got none");
        }
        LocalForwarder forwarder = new LocalForwarder(clients, serverFirstWait);
        forwarder.acceptor = TcpAcceptor.listen(forwarder.client.connector(), listen, forwarder::accepted);
        return forwarder;
    }

    /** The address it listens on, with the actual port. */
    public InetSocketAddress localAddress() {
        return acceptor.localAddress();
    }

    /** All addresses it listens on, with the actual port. */
    public List<InetSocketAddress> localAddresses() {
        return acceptor.localAddresses();
    }

    /** Stops listening; open connections continue. */
    @Override
    public void close() {
        acceptor.close();
    }

    private void accepted(TcpStream tcp) {
        LOG.debug("Connection from {}", HostAndPort.of(tcp.remoteAddress()));
        tcp.setResetDelay(client.options().resetDelay());
        servers.open(serverFirstWait).whenComplete((tunnel, failure) -> {
            if (failure != null) {
                log(tcp, failure);
                tcp.abort(failure);
            } else {
                relay(tcp, tunnel);
            }
        });
    }

    private void log(TcpStream tcp, Throwable failure) {
        if (Refusal.isDisconnect(failure)) {
            // As where there is early data, and the same is what breaks the relay.
            LOG.info("Connection from {} broke: {}", HostAndPort.of(tcp.remoteAddress()), failure.getMessage());
        } else {
            LOG.warn("No tunnel to {}: {}", servers, failure.getMessage());
        }
    }

    private void relay(TcpStream tcp, WebSocketStream tunnel) {
        TcpConnector shared = client.connector();
        Relay.start(tcp, tunnel, client.options().halfCloseLinger(), shared.scheduler(), shared.executor())
                .thenAccept(end -> log(tcp, end));
    }

    private void log(TcpStream tcp, RelayOutcome end) {
        String counts = end.bytesForth() + " bytes up and " + end.bytesBack() + " bytes down";
        if (end.failure() instanceof HandshakeException refused) {
            LOG.warn("No tunnel to {}: {}", servers, refused.getMessage());
        } else if (!end.isClean()) {
            LOG.info(
                    "Connection from {} broke after {}{}", HostAndPort.of(tcp.remoteAddress()), counts, end.describe());
        } else {
            LOG.debug(
                    "Connection from {} closed after {}{}",
                    HostAndPort.of(tcp.remoteAddress()),
                    counts,
                    end.describe());
        }
    }
}
