package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.internal.net.HostName;
import io.v2ws.tcp.TcpConnector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The settings of one client, checked.
 *
 * @param options with the path of the URL
 * @param dial the address to connect to; null for that of the URL
 * @param proxy null for none
 * @param proxyHeaders to send with CONNECT
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
        Map<String, List<String>> proxyHeaders,
        TcpConnector connector,
        boolean ownsConnector,
        WebSocketEngine engine,
        HandshakeListener listener,
        int preconnect,
        Duration preconnectMaxAge) {

    /** The address to connect to, or to name to the proxy. */
    HostAndPort target() {
        return dial == null ? url.address() : dial;
    }

    /**
     * A URL for Jetty's requests, which take none but a {@link URI}. Its host stands for the server: {@link URI} knows no
     * host name with an underscore, and {@link JettyClients} connects to {@link #target} whatever the URL has.
     */
    URI requestUri(String path) {
        return URI.create(url.scheme() + "://server" + path);
    }

    /** The server or proxy that connections lead to, for messages. */
    String dialled() {
        return proxy == null ? url.scheme() + "://" + target().toDisplayString() : "the proxy " + proxy;
    }

    /** The server as the user knows it, for messages. */
    String name() {
        return HostName.withUnicode(url.scheme() + "://" + url.authority() + options.path(), url.host());
    }

    Scheduler scheduler() {
        return connector.scheduler();
    }

    /** Whether early data goes into the path of the request. */
    boolean inPath(String earlyData) {
        return options.earlyDataMode() == EarlyDataMode.PATH && !earlyData.isEmpty();
    }

    /** The head of one upgrade request, with the {@code Host} of the URL unless the options set one. */
    UpgradeHead head(String earlyData) {
        return UpgradeHead.of(options, url.authority(), earlyData);
    }
}
