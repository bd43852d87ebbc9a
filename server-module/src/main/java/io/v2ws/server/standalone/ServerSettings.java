package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The settings of a {@link TunnelServer}. Immutable.
 *
 * @param listen the address to listen on; port 0 for any free port
 * @param tls null for no TLS
 * @param tunnels at least one, in the order in which they are matched
 * @param engine implements the WebSocket framing
 * @param connectTimeout for connections to services, 1 ms or more
 * @param handshakeTimeout for TLS handshake and request head together, 1 ms or more
 * @param tcpKeepAlive of the connections from clients and to services
 * @param addressOrder of the addresses of services
 * @param site serves every request that is for no tunnel; null for an empty 404
 * @param healthPath of the pages about health; null for none
 */
record ServerSettings(
        HostAndPort listen,
        ServerTls tls,
        List<Tunnel> tunnels,
        WebSocketEngine engine,
        Duration connectTimeout,
        Duration handshakeTimeout,
        TcpKeepAlive tcpKeepAlive,
        AddressOrder addressOrder,
        Servlet site,
        String healthPath) {

    /** Sorts the tunnels, the longest path first: a tunnel in path mode matches every path that starts with its own. */
    ServerSettings {
        tunnels = tunnels.stream()
                .sorted(Comparator.comparingInt(
                        tunnel -> -tunnel.options().path().length()))
                .toList();
    }

    /** Returns the longest time that the reset of a connection to a service may be held back. */
    Duration longestResetDelay() {
        return tunnels.stream()
                .map(tunnel -> tunnel.options().resetDelay())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Whether handling a request may take long, and so must not run on a selector thread. A TLS handshake takes
     * milliseconds, Jetty's WebSocket engine waits until its 101 is written, an admission hook is the application's
     * code, and a site reads files or is the application's too.
     */
    boolean mayBlock() {
        return tls != null
                || engine == WebSocketEngine.JETTY
                || site != null
                || tunnels.stream().anyMatch(Tunnel::hasAdmission);
    }
}
