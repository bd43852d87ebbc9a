package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.TcpConnector;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens tunnels to one server. Made once and shared: it holds threads, buffers and TLS sessions. Safe for any thread.
 *
 * <pre>{@code
 * var options = WebSocketTransportOptions.builder().maxEarlyData(2048).build();
 * try (var client = WebSocketTransportClient.builder("wss://example.com/tunnel").options(options).build()) {
 *     WebSocketStream stream = client.connect().get();
 *     stream.asOutputStream().write(request);
 *     stream.asInputStream().read(answer);
 * }
 * }</pre>
 */
public final class WebSocketTransportClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransportClient.class);

    private final WebSocketTransportOptions options;
    private final TcpConnector connector;
    /** What is stopped with this client, in this order. */
    private final Deque<LifeCycle> parts = new ArrayDeque<>();

    private final Upgrade upgrade;
    private final String name;

    private WebSocketTransportClient(Builder builder) throws IOException {
        TunnelUrl url = builder.url;
        this.options = url.applyTo(builder.options);
        this.connector = builder.connector == null ? new TcpConnector() : builder.connector;
        this.name = url.scheme() + "://" + url.authority() + options.path();
        try {
            if (builder.connector == null) {
                parts.push(connector);
                connector.start();
            }
            this.upgrade = upgrade(builder);
        } catch (Exception x) {
            close();
            throw x instanceof IOException io ? io : new IOException("cannot start the client: " + x.getMessage(), x);
        }
    }

    private Upgrade upgrade(Builder builder) throws Exception {
        TunnelUrl url = builder.url;
        String origin = url.scheme() + "://" + (builder.dial == null ? url.address() : builder.dial);
        String dialled = builder.proxy == null ? origin : "the proxy " + builder.proxy;
        TunnelSslContextFactory tls = new TunnelSslContextFactory(builder.tls, url.host(), builder.listener);
        HttpClient http = JettyClients.start(connector, options, tls, builder.proxy, builder.listener);
        parts.push(http);
        if (builder.engine == WebSocketEngine.DIRECT) {
            return new DirectUpgrade(
                    http, options, origin, dialled, url.authority(), connector.scheduler(), builder.listener);
        }
        WebSocketClient webSocket = JettyClients.startWebSocket(http);
        parts.push(webSocket);
        return new JettyUpgrade(
                webSocket, options, origin, dialled, url.authority(), connector.scheduler(), builder.listener);
    }

    /**
     * Starts to make a client.
     *
     * @param url {@code ws://host[:port][/path[?query]]} or {@code wss://…}; the path may instead stand in the options
     * @throws IllegalArgumentException if it is none
     */
    public static Builder builder(String url) {
        return new Builder(TunnelUrl.parse(url));
    }

    /**
     * Opens a tunnel.
     *
     * <p>Without early data the future completes when the upgrade has. With early data it is complete at once: the upgrade
     * goes out with the first write (or after {@link WebSocketTransportOptions#serverFirstWait}), and a refusal is what
     * that write and the readers fail with.
     *
     * @return completes with the stream, or with an {@link IOException}: a {@link HandshakeException} when the upgrade was
     *     refused
     */
    public CompletableFuture<WebSocketStream> connect() {
        return connect(options.serverFirstWait());
    }

    /** As {@link #connect()}, with another wait for the first write. */
    CompletableFuture<WebSocketStream> connect(Duration serverFirstWait) {
        if (options.maxEarlyData() == 0) {
            return upgrade.send("");
        }
        EarlyDataStream stream = new EarlyDataStream(upgrade::send, options.maxEarlyData());
        stream.startAfter(serverFirstWait, connector.scheduler());
        return CompletableFuture.completedFuture(stream);
    }

    /** The transport, with the path of the URL. */
    public WebSocketTransportOptions options() {
        return options;
    }

    /** Threads, timers and buffers of this client. */
    TcpConnector connector() {
        return connector;
    }

    /** Ends the client and the tunnels that are still open. */
    @Override
    public void close() {
        parts.forEach(part -> {
            try {
                part.stop();
            } catch (Exception x) {
                LOG.warn("Cannot stop the client of {}", name, x);
            }
        });
    }

    /** Names the server. */
    @Override
    public String toString() {
        return name;
    }

    /** Sets options one by one. */
    public static final class Builder {
        private final TunnelUrl url;
        private WebSocketTransportOptions options = WebSocketTransportOptions.defaults();
        private TlsOptions tls = TlsOptions.builder().build();
        private HostAndPort dial;
        private ProxyUrl proxy;
        private TcpConnector connector;
        private WebSocketEngine engine = WebSocketEngine.DIRECT;
        private HandshakeListener listener;

        private Builder(TunnelUrl url) {
            this.url = url;
        }

        /** Sets the transport; its headers go into the upgrade request. */
        public Builder options(WebSocketTransportOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /** Sets how TLS is spoken. */
        public Builder tls(TlsOptions tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** Sets the address to dial, where it is another than the URL's: a CDN's edge, say. */
        public Builder dial(HostAndPort address) {
            this.dial = address;
            return this;
        }

        /**
         * Sets a proxy on the way out, {@code http://[user:password@]host[:port]} (CONNECT) or {@code socks5://…}; null
         * for none.
         *
         * @throws IllegalArgumentException if it is no such URL
         */
        public Builder proxy(String url) {
            this.proxy = url == null ? null : ProxyUrl.parse(url);
            return this;
        }

        /** Sets started threads, timers and buffers to share; by default the client has its own. */
        public Builder connector(TcpConnector connector) {
            this.connector = connector;
            return this;
        }

        /** Sets what does the framing. Default {@link WebSocketEngine#DIRECT}. */
        public Builder engine(WebSocketEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /** Sets who hears of the steps of every handshake; null (the default) for nobody. */
        public Builder handshakeListener(HandshakeListener listener) {
            this.listener = listener;
            return this;
        }

        /**
         * Makes the client and starts it.
         *
         * @throws IOException if the key material cannot be used
         * @throws IllegalArgumentException if the URL and the options contradict each other
         */
        public WebSocketTransportClient build() throws IOException {
            return new WebSocketTransportClient(this);
        }
    }
}
