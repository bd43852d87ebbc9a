package io.v2ws.client;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.HostedChannel;
import io.v2ws.tcp.TcpConnector;
import java.net.InetSocketAddress;
import java.util.List;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** Sets Jetty's HTTP client up for tunnels. */
final class JettyClients {
    /** The {@code User-Agent} of the peers (C10), so that a tunnel does not stand out by another. */
    private static final String USER_AGENT = "Go-http-client/1.1";

    /** The largest header block that servers accept; a response may echo the subprotocol. */
    private static final int HEADER_SIZE = 32 * 1024;

    private JettyClients() {}

    /**
     * Makes the HTTP client. {@link #removeHandlers} follows its start.
     *
     * @param warmConnections null for none
     */
    static HttpClient newHttpClient(ClientSettings settings, WarmConnections warmConnections) {
        OpenChannels channels = new OpenChannels();
        ClientConnector connector = newConnector(settings, channels);
        Origin.Address server =
                new Origin.Address(settings.target().host(), settings.target().port());
        HttpClient http = new HttpClient(newTransport(connector, settings, warmConnections)) {
            /** The one server of the client, whose name may be none that a URI has. */
            @Override
            public Origin createOrigin(Request request, Origin.Protocol protocol) {
                Origin made = super.createOrigin(request, protocol);
                return new Origin(made.getScheme(), server, made.getTag(), made.getProtocol(), made.getTransport());
            }

            @Override
            protected void doStop() throws Exception {
                super.doStop();
                channels.close();
            }
        };
        http.setName("v2ws");
        configure(http, settings.options());
        long timeout = settings.options().handshakeTimeout().toMillis();
        // The deadline of the handshake comes first, also where it is longer.
        http.setConnectTimeout(HostedChannel.LONGEST_CONNECT.toMillis());
        // Jetty would try one address after the other; the connector looks the name up itself.
        http.setSocketAddressResolver((host, port, context, promise) ->
                promise.succeeded(List.of(InetSocketAddress.createUnresolved(host, port))));
        // A connection is idle in HTTP during the handshake alone, and the deadline of the handshake comes first.
        http.setIdleTimeout(2 * timeout);
        if (settings.proxy() != null) {
            settings.proxy().applyTo(http, settings.proxyHeaders());
        }
        if (settings.listener() != null) {
            HandshakeEvents.report(settings.listener(), http);
        }
        return http;
    }

    private static ClientConnector newConnector(ClientSettings settings, OpenChannels channels) {
        TcpConnector shared = settings.connector();
        ClientConnector connector = new TunnelClientConnector(settings, channels);
        connector.setExecutor(shared.executor());
        connector.setScheduler(shared.scheduler());
        connector.setByteBufferPool(shared.bufferPool());
        connector.setSslContextFactory(
                new TunnelSslContextFactory(settings.tls(), settings.url().host(), settings.listener()));
        return connector;
    }

    private static HttpClientTransport newTransport(
            ClientConnector connector, ClientSettings settings, WarmConnections warmConnections) {
        HttpClientTransport transport = new HttpClientTransportOverHTTP(connector) {
            @Override
            public Destination newDestination(Origin origin) {
                return new TunnelDestination(getHttpClient(), origin, warmConnections);
            }
        };
        if (!settings.url().secure()) {
            // Reading a response never blocks, so the selector does it. A TLS handshake would keep the selector busy.
            transport.setInvocationType(InvocationType.NON_BLOCKING);
        }
        return transport;
    }

    private static void configure(HttpClient http, WebSocketTransportOptions options) {
        http.setFollowRedirects(false);
        // A cookie of one response, of a CDN for example, is not sent with the next request.
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, USER_AGENT));
        // One connection per tunnel, without a limit.
        http.setMaxConnectionsPerDestination(Integer.MAX_VALUE);
        http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
        http.setRequestBufferSize(HEADER_SIZE);
        http.setMaxRequestHeadersSize(earlyDataSize(options) + HEADER_SIZE);
        http.setMaxResponseHeadersSize(HEADER_SIZE);
    }

    /** Removes what the start of the client has set by default. */
    static void removeHandlers(HttpClient http) {
        // A tunnel asks for no compressed response.
        http.getContentDecoderFactories().clear();
        // Every refusal is reported as it comes, without waiting for a body and without a second request.
        http.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
        http.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        http.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
    }

    /** Bytes that the longest early data needs in base64; a first write is 64 KiB at most. */
    private static int earlyDataSize(WebSocketTransportOptions options) {
        return Math.min(options.maxEarlyData(), 64 * 1024) * 4 / 3 + 4;
    }
}
