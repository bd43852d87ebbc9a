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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local TCP port in front of a tunnel: each connection gets a WebSocket of its own. One that fails is reset and logged,
 * and never ends the listening.
 *
 * <p>With early data, a connection whose client says nothing for a while (300 ms unless said otherwise) is upgraded
 * without, so that protocols in which the server speaks first work (C8).
 */
public final class LocalForwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalForwarder.class);

    private final WebSocketTransportClient client;
    private final Duration serverFirstWait;
    private TcpAcceptor acceptor;

    private LocalForwarder(WebSocketTransportClient client, Duration serverFirstWait) {
        this.client = client;
        this.serverFirstWait = serverFirstWait;
    }

    /**
     * Starts to listen; the wait for the local side is the client's, or 300 ms where that is zero.
     *
     * @param client opens the tunnels; stays the caller's, and must outlive the forwarder
     * @param listen where; port 0 takes a free one, see {@link #localAddress()}
     * @throws IOException if the address cannot be bound
     */
    public static LocalForwarder start(WebSocketTransportClient client, InetSocketAddress listen) throws IOException {
        return start(client, listen, serverFirstWait(client));
    }

    /** The wait of the client, or the default of forwarders where it has none. */
    static Duration serverFirstWait(WebSocketTransportClient client) {
        Duration wait = client.options().serverFirstWait();
        return wait.isZero() ? WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT : wait;
    }

    /**
     * Starts to listen, see {@link #start(WebSocketTransportClient, InetSocketAddress)}.
     *
     * @param serverFirstWait how long the local side may stay silent before the upgrade goes out without early data; zero
     *     waits for ever
     */
    public static LocalForwarder start(
            WebSocketTransportClient client, InetSocketAddress listen, Duration serverFirstWait) throws IOException {
        LocalForwarder forwarder = new LocalForwarder(client, serverFirstWait);
        forwarder.acceptor = TcpAcceptor.listen(client.connector(), listen, forwarder::accepted);
        return forwarder;
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress localAddress() {
        return acceptor.localAddress();
    }

    /** Ends the listening; connections that are there live on. */
    @Override
    public void close() {
        acceptor.close();
    }

    private void accepted(TcpStream tcp) {
        LOG.debug("Connection from {}", HostAndPort.of(tcp.remoteAddress()));
        tcp.setResetDelay(client.options().resetDelay());
        client.connect(serverFirstWait).whenComplete((tunnel, failure) -> {
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
            LOG.warn("No tunnel to {}: {}", client, failure.getMessage());
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
            LOG.warn("No tunnel to {}: {}", client, refused.getMessage());
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
