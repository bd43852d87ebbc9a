package io.v2ws.client;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.tcp.TcpConnector;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Sets Jetty's clients up for tunnels. */
final class JettyClients {
    /** The {@code User-Agent} of the peers (C10), so that a tunnel does not stand out by its own. */
    private static final String USER_AGENT = "Go-http-client/1.1";

    /** Room for the largest header block that servers take, and an echoed subprotocol in the answer. */
    private static final int HEADER_SIZE = 32 * 1024;

    private JettyClients() {}

    /**
     * Starts a client.
     *
     * @param ownsConnector whether {@code connector} lives no longer than the client
     * @param secure whether it is to speak TLS with the server
     * @param proxy null for none
     * @param listener null for none
     * @param warmConnections null for none
     * @throws Exception as Jetty's life cycles have it: key material that cannot be used
     */
    static HttpClient start(
            TcpConnector connector,
            boolean ownsConnector,
            WebSocketTransportOptions options,
            boolean secure,
            SslContextFactory.Client tls,
            ProxyUrl proxy,
            HandshakeListener listener,
            WarmConnections warmConnections)
            throws Exception {
        ClientConnector clientConnector =
                new TunnelClientConnector(ownsConnector ? connector : null, connector.keepAlive());
        clientConnector.setExecutor(connector.executor());
        clientConnector.setScheduler(connector.scheduler());
        clientConnector.setByteBufferPool(connector.bufferPool());
        clientConnector.setSslContextFactory(tls);
        clientConnector.setConnectTimeout(options.handshakeTimeout());
        OpenChannels channels = new OpenChannels();
        clientConnector.addEventListener(channels);

        HttpClientTransport transport = transport(clientConnector, warmConnections);
        if (!secure) {
            // What an answer leads to blocks nowhere; a TLS handshake would keep the selector.
            transport.setInvocationType(InvocationType.NON_BLOCKING);
        }
        HttpClient http = new HttpClient(transport) {
            @Override
            protected void doStop() throws Exception {
                super.doStop();
                channels.close();
            }
        };
        http.setName("v2ws");
        http.setFollowRedirects(false);
        // What one answer sets, a CDN's tracking cookie say, is not sent with the next request.
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, USER_AGENT));
        // One connection per tunnel, and as many as there are tunnels.
        http.setMaxConnectionsPerDestination(Integer.MAX_VALUE);
        http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
        http.setRequestBufferSize(HEADER_SIZE);
        http.setMaxRequestHeadersSize(earlyDataSize(options) + HEADER_SIZE);
        http.setMaxResponseHeadersSize(HEADER_SIZE);
        http.setConnectTimeout(options.handshakeTimeout().toMillis());
        http.setSocketAddressResolver(new AddressResolver(
                connector.executor(),
                connector.scheduler(),
                options.handshakeTimeout().toMillis()));
        // Only a handshake is idle in HTTP; its own deadline comes first.
        http.setIdleTimeout(2 * options.handshakeTimeout().toMillis());
        if (proxy != null) {
            proxy.applyTo(http);
        }
        if (listener != null) {
            HandshakeEvents.report(listener, http, clientConnector);
        }
        http.start();
        // After the start, which sets defaults: a tunnel asks for no compressed answer.
        http.getContentDecoderFactories().clear();
        // Every refusal is reported as it comes, without waiting for a body and without a second try.
        http.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
        http.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        http.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
        return http;
    }

    private static HttpClientTransport transport(ClientConnector connector, WarmConnections warmConnections) {
        return new HttpClientTransportOverHTTP(connector) {
            @Override
            public Destination newDestination(Origin origin) {
                return new TunnelDestination(getHttpClient(), origin, warmConnections);
            }
        };
    }

    /**
     * Starts Jetty's WebSocket layer on a started client, whose threads and buffers it then shares.
     *
     * @throws Exception as Jetty's life cycles have it
     */
    static WebSocketClient startWebSocket(HttpClient http) throws Exception {
        WebSocketClient client = new WebSocketClient(http);
        client.start();
        return client;
    }

    /** What the longest early data needs in base64; a first write is 64 KiB at most. */
    private static int earlyDataSize(WebSocketTransportOptions options) {
        return Math.min(options.maxEarlyData(), 64 * 1024) * 4 / 3 + 4;
    }
}
