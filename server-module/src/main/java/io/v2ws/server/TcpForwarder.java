package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.ConnectResetException;
import io.v2ws.relay.Relay;
import io.v2ws.relay.RelayOutcome;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpStream;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards each tunnel to a TCP service. It connects to the service and then relays both directions ({@link Relay});
 * early data is the first thing the service receives. If the service cannot be reached, the tunnel ends with Close
 * 1011 (internal error). Safe for any thread.
 */
public final class TcpForwarder implements TunnelHandler {
    /** The default connect timeout: 10 s. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TcpForwarder.class);

    private final TcpConnector connector;
    private final HostAndPort upstream;
    private final Duration connectTimeout;
    private final Duration halfCloseLinger;
    private final Duration resetDelay;

    /**
     * Makes a forwarder with the default connect timeout.
     *
     * @param connector makes the connections; the caller starts and stops it
     * @param upstream the service; its name is looked up for each tunnel
     * @param options for {@link WebSocketTransportOptions#halfCloseLinger} and {@link
     *     WebSocketTransportOptions#resetDelay}
     */
    public TcpForwarder(TcpConnector connector, HostAndPort upstream, WebSocketTransportOptions options) {
        this(connector, upstream, options, DEFAULT_CONNECT_TIMEOUT);
    }

    /**
     * Makes a forwarder.
     *
     * @param connector makes the connections; the caller starts and stops it
     * @param upstream the service; its name is looked up for each tunnel
     * @param options for {@link WebSocketTransportOptions#halfCloseLinger} and {@link
     *     WebSocketTransportOptions#resetDelay}
     * @param connectTimeout for name look-up and connect together, more than zero
     * @throws IllegalArgumentException if the timeout is not more than zero
     */
    public TcpForwarder(
            TcpConnector connector, HostAndPort upstream, WebSocketTransportOptions options, Duration connectTimeout) {
        if (connectTimeout.isZero() || connectTimeout.isNegative()) {
            throw new IllegalArgumentException("connectTimeout: expected more than zero, got " + connectTimeout);
        }
        this.connector = Objects.requireNonNull(connector, "connector");
        this.upstream = Objects.requireNonNull(upstream, "upstream");
        this.connectTimeout = connectTimeout;
        this.halfCloseLinger = options.halfCloseLinger();
        this.resetDelay = options.resetDelay();
    }

    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        String client = HostAndPort.of(request.clientAddress()).toString();
        LOG.debug("Tunnel from {} to {} opens", client, upstream.toDisplayString());
        connector.connect(upstream, connectTimeout).whenComplete((tcp, failure) -> {
            if (failure != null) {
                log(client, failure);
                stream.abort(failure);
            } else {
                relay(stream, tcp, client);
            }
        });
    }

    private void log(String client, Throwable failure) {
        if (failure instanceof ConnectResetException) {
            // As where the same reset comes a moment later and ends a relay.
            LOG.debug("Tunnel from {} to {} closed: {}", client, upstream.toDisplayString(), failure.getMessage());
        } else {
            LOG.warn("Tunnel from {} refused: {}", client, failure.getMessage());
        }
    }

    private void relay(WebSocketStream stream, TcpStream tcp, String client) {
        tcp.setResetDelay(resetDelay);
        Relay.start(stream, tcp, halfCloseLinger, connector.scheduler(), connector.executor())
                .thenAccept(end -> log(client, end));
    }

    private void log(String client, RelayOutcome end) {
        LOG.debug(
                "Tunnel from {} to {} closed after {} bytes up and {} bytes down{}",
                client,
                upstream.toDisplayString(),
                end.bytesForth(),
                end.bytesBack(),
                end.describe());
    }
}
