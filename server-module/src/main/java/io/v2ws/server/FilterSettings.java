package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.CidrBlock;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a {@link WebSocketUpgradeFilter} is configured with.
 *
 * @param options the transport
 * @param handler receives the tunnels
 * @param hosts the hosts the tunnel answers to
 * @param clientAddresses finds out who the client is
 * @param engine what does the framing, where there is a choice
 * @param onClose gives back what the settings own
 */
record FilterSettings(
        WebSocketTransportOptions options,
        TunnelHandler handler,
        HostList hosts,
        ClientAddressResolver clientAddresses,
        WebSocketEngine engine,
        Runnable onClose) {

    /** What the handshake writes itself; a second value would break the 101 response. */
    private static final Set<String> HANDSHAKE_HEADERS = Set.of(
            "connection",
            "upgrade",
            "sec-websocket-accept",
            "sec-websocket-extensions",
            "content-length",
            "transfer-encoding");

    static FilterSettings of(
            WebSocketTransportOptions options,
            TunnelHandler handler,
            Collection<String> hosts,
            Collection<String> trustedProxies,
            WebSocketEngine engine,
            Runnable onClose) {
        for (String name : options.headers().keySet()) {
            if (HANDSHAKE_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("headers: " + name + " belongs to the handshake itself");
            }
        }
        List<CidrBlock> trusted = trustedProxies.stream().map(CidrBlock::parse).toList();
        return new FilterSettings(
                options, handler, new HostList(hosts), new ClientAddressResolver(trusted), engine, onClose);
    }

    /** Reads the init-params of a filter in {@code web.xml}, see {@link InitParams}. */
    static FilterSettings fromInitParams(FilterConfig config) throws ServletException {
        return new InitParams(config).read();
    }

    void close() {
        onClose.run();
    }
}
