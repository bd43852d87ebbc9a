package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.internal.net.HostName;
import io.v2ws.tcp.AddressOrder;
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
 * @param addressOrder of the addresses of the server or proxy
 * @param resolver looks their names up
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
        AddressOrder addressOrder,
        AddressResolver resolver,
        WebSocketEngine engine,
        HandshakeListener listener,
        int preconnect,
        Duration preconnectMaxAge) {

    /** The address to connect to, or to name to the proxy. */
    HostAndPort target() {
        return dial == null ? url.address() : dial;
    }

    /**
     * A URL for Jetty's requests, which take only a {@link URI}. Its host is a placeholder, because {@link URI} accepts
     * no host name with an underscore; {@link JettyClients} connects to {@link #target} in any case.
     */
    URI requestUri(String path) {
        return URI.create(url.scheme() + "://server" + path);
    }

    /** Where connections lead to, for messages. */
    Route route() {
        String server = url.scheme() + "://" + target().toDisplayString();
        return new Route(proxy == null ? server : "the proxy " + proxy, server);
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
        UpgradeHead head = UpgradeHead.of(options, url.authority(), earlyData);
        if (url.authorization() != null) {
            head.headers().put(TunnelUrl.AUTHORIZATION, List.of(url.authorization()));
        }
        return head;
    }
}
