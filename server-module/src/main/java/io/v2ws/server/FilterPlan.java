package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration of a filter says, checked, with nothing made or started yet. Immutable.
 *
 * @param engine the one to use where it is possible
 * @param keepAlive of the connections to the services
 * @param addressOrder of the addresses of services
 * @param tunnels at least one; a request goes to the first that matches
 * @param warnings for the log, one line each
 */
record FilterPlan(
        WebSocketEngine engine,
        TcpKeepAlive keepAlive,
        AddressOrder addressOrder,
        List<TunnelPlan> tunnels,
        List<String> warnings) {

    /** Copies the lists. */
    FilterPlan {
        tunnels = List.copyOf(tunnels);
        warnings = List.copyOf(warnings);
    }

    /**
     * One tunnel.
     *
     * @param forward the TCP service; empty if there is a handler
     * @param connectTimeout of connections to the service
     * @param handler null if the tunnel forwards
     */
    record TunnelPlan(
            WebSocketTransportOptions options,
            List<String> hosts,
            List<String> trustedProxies,
            Optional<HostAndPort> forward,
            Duration connectTimeout,
            TunnelHandler handler) {

        /** Returns the settings, with a forwarder on a connector where the tunnel forwards. */
        FilterSettings settings(TcpConnector connector) {
            TunnelHandler receiver = forward.map(
                            upstream -> (TunnelHandler) new TcpForwarder(connector, upstream, options, connectTimeout))
                    .orElse(handler);
            return FilterSettings.builder(options, receiver)
                    .hosts(hosts)
                    .trustedProxies(trustedProxies)
                    .build();
        }
    }

    /** Whether a tunnel needs a connector. */
    boolean forwards() {
        return tunnels.stream().anyMatch(tunnel -> tunnel.forward().isPresent());
    }
}
