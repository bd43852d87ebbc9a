package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.TcpConnector;
import java.time.Duration;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The settings of one client, checked.
 *
 * @param options with the path of the URL
 * @param dial the address to connect to; null for that of the URL
 * @param proxy null for none
 * @param connector threads, timers and buffers
 * @param ownsConnector whether the connector starts and stops with the client
 * @param listener null for none
 * @param preconnect how many connections are kept ready, 0 for none
 */
record ClientSettings(
        TunnelUrl url,
        WebSocketTransportOptions options,
        TlsOptions tls,
        HostAndPort dial,
        ProxyUrl proxy,
        TcpConnector connector,
        boolean ownsConnector,
        WebSocketEngine engine,
        HandshakeListener listener,
        int preconnect,
        Duration preconnectMaxAge) {

    /** Scheme, host and port to send requests to. */
    String origin() {
        return url.scheme() + "://" + (dial == null ? url.address() : dial);
    }

    /** The server or proxy that connections lead to, for messages. */
    String dialled() {
        return proxy == null ? origin() : "the proxy " + proxy;
    }

    /** The server as the user knows it, for messages. */
    String name() {
        return url.scheme() + "://" + url.authority() + options.path();
    }

    Scheduler scheduler() {
        return connector.scheduler();
    }

    /** The head of one upgrade request, with the {@code Host} of the URL unless the options set one. */
    UpgradeHead head(String earlyData) {
        return UpgradeHead.of(options, url.authority(), earlyData);
    }
}
