package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.internal.websocket.OpenStreams;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Opens tunnels to one server. Make one and share it: a client holds threads, buffers and TLS sessions. Thread-safe.
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
    /** The maximum of {@link Builder#preconnect}. */
    public static final int MOST_PRECONNECTED = 64;

    /** See {@link Builder#preconnectMaxAge}. */
    public static final Duration DEFAULT_PRECONNECT_MAX_AGE = Duration.ofSeconds(8);

    private static final String CLOSED = "the client is closed";

    private static final Duration SHORTEST_AGE = Duration.ofMillis(100);
    private static final Duration LONGEST_AGE = Duration.ofHours(1);
    private static final long GOODBYE_SECONDS = 1;

    private final ClientSettings settings;
    private final ClientParts parts;
    private final OpenStreams openStreams = new OpenStreams();
    /** Streams that wait for their first write. */
    private final Set<EarlyDataStream> notBegun = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    private WebSocketTransportClient(ClientSettings settings) throws IOException {
        this.settings = settings;
        this.parts = new ClientParts(settings);
    }

    /**
     * Returns a builder.
     *
     * @param url {@code ws://host[:port][/path[?query]]} or {@code wss://…}; the path may instead stand in the options
     * @throws IllegalArgumentException if the URL is malformed
     */
    public static Builder builder(String url) {
        return new Builder(TunnelUrl.parse(url));
    }

    /**
     * Opens a tunnel.
     *
     * <p>Without early data the future completes when the upgrade has succeeded. With early data the future is complete
     * at once: the upgrade goes out with the first write, or after {@link WebSocketTransportOptions#serverFirstWait},
     * and a refusal fails that write and the readers.
     *
     * @return completes with the stream, or with an {@link IOException}: a {@link HandshakeException} if the upgrade
     *     was refused. Cancelling the future cancels the upgrade
     */
    public CompletableFuture<WebSocketStream> connect() {
        return connect(options().serverFirstWait());
    }

    /**
     * Opens a tunnel as {@link #connect()} does, with another wait for the first write.
     *
     * @param serverFirstWait as {@link WebSocketTransportOptions#serverFirstWait}; of no effect without early data
     */
    public CompletableFuture<WebSocketStream> connect(Duration serverFirstWait) {
        return connect(serverFirstWait, options().handshakeTimeout());
    }

    /**
     * Opens a tunnel as {@link #connect()} does, with another wait for the first write and another bound of the
     * handshake. With early data the handshake begins with the first write, and its time too.
     *
     * @param serverFirstWait as {@link WebSocketTransportOptions#serverFirstWait}; of no effect without early data
     * @param handshakeTimeout as {@link WebSocketTransportOptions#handshakeTimeout}, 1 ms or more. A handshake that
     *     takes longer fails with a {@link java.net.SocketTimeoutException}
     * @throws IllegalArgumentException if the handshake timeout is shorter than 1 ms
     */
    public CompletableFuture<WebSocketStream> connect(Duration serverFirstWait, Duration handshakeTimeout) {
        return connect(new ServerFirstWait(serverFirstWait, false), handshakeTimeout);
    }

    /**
     * Opens a tunnel as {@link #connect()} does, with what earlier tunnels have taught about the service, and another
     * bound of the handshake.
     *
     * @param serverFirstWait shared by the tunnels to one service
     * @param handshakeTimeout as in {@link #connect(Duration, Duration)}
     * @throws IllegalArgumentException if the handshake timeout is shorter than 1 ms
     */
    public CompletableFuture<WebSocketStream> connect(ServerFirstWait serverFirstWait, Duration handshakeTimeout) {
        if (handshakeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("handshakeTimeout: expected 1ms or more, got " + handshakeTimeout);
        }
        CompletableFuture<WebSocketStream> opening =
                open(serverFirstWait, options().maxEarlyData(), earlyData -> upgrade(earlyData, handshakeTimeout));
        if (opening.isDone()) {
            return opening;
        }
        // What the caller does next may block, and must not block a network thread.
        return UpgradeResult.onThreadOf(settings.connector().executor(), opening);
    }

    /**
     * As {@link #connect(ServerFirstWait, Duration)}, but on a network thread: what depends on the future must not
     * block.
     */
    CompletableFuture<WebSocketStream> open(ServerFirstWait serverFirstWait) {
        return open(serverFirstWait, options().maxEarlyData(), this::upgrade);
    }

    /**
     * As {@link #open(Duration)}, with an upgrade that may go to other servers too.
     *
     * @param maxEarlyData the least of those of the servers
     * @param upgrade takes the early data, empty for none
     */
    CompletableFuture<WebSocketStream> open(
            ServerFirstWait serverFirstWait,
            int maxEarlyData,
            Function<String, CompletableFuture<WebSocketStream>> upgrade) {
        if (maxEarlyData == 0) {
            return upgrade.apply("");
        }
        EarlyDataStream stream = new EarlyDataStream(
                upgrade,
                maxEarlyData,
                serverFirstWait,
                notBegun::remove,
                settings.scheduler(),
                options().closeWriteTimeout());
        notBegun.add(stream);
        stream.start();
        return CompletableFuture.completedFuture(stream);
    }

    /** Opens a tunnel now; the early data is empty for none. */
    CompletableFuture<WebSocketStream> upgrade(String earlyData) {
        return upgrade(earlyData, options().handshakeTimeout());
    }

    private CompletableFuture<WebSocketStream> upgrade(String earlyData, Duration timeout) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException(CLOSED));
        }
        CompletableFuture<WebSocketStream> sent = parts.upgrader().send(earlyData, timeout);
        sent.thenAccept(openStreams::add);
        return sent;
    }

    /** The transport, with the path of the URL. */
    public WebSocketTransportOptions options() {
        return settings.options();
    }

    TcpConnector connector() {
        return settings.connector();
    }

    /** How many streams wait for their first write. */
    int streamsNotBegun() {
        return notBegun.size();
    }

    /** How many connections are ready. */
    int fitConnections() {
        return parts.fitConnections();
    }

    /**
     * Ends the client and the open tunnels: each sends Close 1001, and its readers and writers fail. Tunnels that are
     * closing already first send the bytes written to them. Then the connections of a {@link LocalForwarder} are reset,
     * after the bytes that had arrived for them were delivered. Blocks for the close write timeout, the close timeout,
     * the reset delay and {@value #GOODBYE_SECONDS} s at most; connections that are still open then are cut.
     */
    @Override
    public void close() {
        closed = true;
        IOException reason = new IOException(CLOSED);
        notBegun.forEach(stream -> stream.abort(reason));
        ClientParts.await(
                openStreams.goAway(reason),
                options().closeWriteTimeout().plus(options().closeTimeout()));
        parts.stop(options().resetDelay().plusSeconds(GOODBYE_SECONDS));
    }

    /** Names the server. */
    @Override
    public String toString() {
        return settings.name();
    }

    /** Sets options one by one. */
    public static final class Builder {
        private final TunnelUrl url;
        private WebSocketTransportOptions options = WebSocketTransportOptions.defaults();
        private TlsOptions tls = TlsOptions.builder().build();
        private HostAndPort dial;
        private ProxyUrl proxy;
        private ProxySelector proxySelector;
        private Map<String, List<String>> proxyHeaders = Map.of();
        private TcpConnector connector;
        private TcpKeepAlive tcpKeepAlive;
        private AddressOrder addressOrder;
        private AddressResolver resolver = new AddressResolver();
        private WebSocketEngine engine = WebSocketEngine.DIRECT;
        private HandshakeListener listener;
        private int preconnect;
        private Duration preconnectMaxAge = DEFAULT_PRECONNECT_MAX_AGE;

        private Builder(TunnelUrl url) {
            this.url = url;
        }

        /** Sets the transport; its headers go into the upgrade request. Default all defaults. */
        public Builder options(WebSocketTransportOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /** Sets the TLS options. */
        public Builder tls(TlsOptions tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** Sets the address to connect to, for example that of a CDN's edge. Default null: that of the URL. */
        public Builder dial(HostAndPort address) {
            this.dial = address;
            return this;
        }

        /**
         * Sets an outgoing proxy, {@code http://[user:password@]host[:port]} (CONNECT) or {@code socks5://…}. Default
         * null: none.
         *
         * @throws IllegalArgumentException if the URL is malformed
         */
        public Builder proxy(String url) {
            this.proxy = url == null ? null : ProxyUrl.parse(url);
            this.proxySelector = null;
            return this;
        }

        /**
         * Sets what chooses the outgoing proxy: {@link ProxySelector#getDefault()} has the JVM's settings ({@code
         * -Dhttps.proxyHost}, {@code http.proxyHost}, {@code socksProxyHost}, {@code http.nonProxyHosts}, which by
         * default has localhost and 127.*; {@code java.net.useSystemProxies}). {@link #build} asks it once, for {@code
         * https://HOST:PORT/} or, without TLS, {@code http://…}, with the address that TCP would connect to. It takes
         * the first proxy of the answer. A SOCKS proxy must speak version 5. Proxies get no credentials; {@link
         * #proxyHeaders} are sent to one that takes CONNECT. Replaces {@link #proxy(String)}. Default null: none.
         */
        public Builder proxy(ProxySelector selector) {
            this.proxySelector = selector;
            this.proxy = null;
            return this;
        }

        /**
         * Sets headers to send to an {@code http://} proxy with CONNECT, {@code User-Agent} for instance. Default none.
         *
         * @throws IllegalArgumentException if a name is no token, or a value has control characters
         */
        public Builder proxyHeaders(Map<String, List<String>> headers) {
            try {
                // The same rules as for the headers of the transport.
                this.proxyHeaders = WebSocketTransportOptions.builder()
                        .headers(headers)
                        .build()
                        .headers();
            } catch (IllegalArgumentException x) {
                throw new IllegalArgumentException(x.getMessage().replaceFirst("^headers", "proxyHeaders"), x);
            }
            return this;
        }

        /**
         * Sets started threads, timers and buffers to share. Default null: the client has its own. The client's
         * connections use the connector's TCP keepalive.
         *
         * <p>For programs with many clients: a client of its own has two threads without tunnels and about four with
         * one, on two processors; a client that shares has one. Start one {@link TcpConnector}, pass it to all clients,
         * and stop it after the last client was closed.
         */
        public Builder connector(TcpConnector connector) {
            this.connector = connector;
            return this;
        }

        /**
         * Sets the TCP keepalive of connections to the server or proxy, and of those that a {@link LocalForwarder}
         * accepts. Not together with {@link #connector}, which has its own. Default {@link TcpKeepAlive#DEFAULT}.
         */
        public Builder tcpKeepAlive(TcpKeepAlive keepAlive) {
            this.tcpKeepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
            return this;
        }

        /**
         * Sets the order in which the addresses of the server or proxy are tried. Default: that of the {@link
         * #connector}, if one is shared, else {@link AddressOrder#SYSTEM}.
         */
        public Builder addressOrder(AddressOrder order) {
            this.addressOrder = Objects.requireNonNull(order, "addressOrder");
            return this;
        }

        /** For tests: sets what looks the server's or proxy's name up. */
        Builder resolver(AddressResolver source) {
            this.resolver = source;
            return this;
        }

        /**
         * Sets what does the framing. Default {@link WebSocketEngine#DIRECT}.
         *
         * @throws IllegalArgumentException for {@link WebSocketEngine#SERVLET}, which only servers have
         */
        public Builder engine(WebSocketEngine engine) {
            if (engine == WebSocketEngine.SERVLET) {
                throw new IllegalArgumentException("engine: expected DIRECT or JETTY, got SERVLET");
            }
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /** Sets a listener for the steps of every handshake. Default null: none. */
        public Builder handshakeListener(HandshakeListener listener) {
            this.listener = listener;
            return this;
        }

        /**
         * Sets how many connections are kept open through TCP, proxy and TLS for the next tunnels. A tunnel then opens
         * in one round trip, which with early data brings the response too. Default 0: none.
         *
         * <p>The connections open when the client is built, which does not fail if the server is down. A connection
         * that was used, has aged (see {@link #preconnectMaxAge}) or died is replaced. If none is ready, a tunnel takes
         * a fresh one. If the server cannot be reached, or closes them at once, the client pauses for up to 30 seconds.
         *
         * <p>The upgrade shows that a connection has died unnoticed. Without early data, the client sends the upgrade
         * once more on a fresh connection, within the same handshake timeout. <b>With early data it does not</b>: the
         * bytes may have arrived and must not arrive twice, so the tunnel fails with an {@link IOException}. If packets
         * are lost silently, the handshake timeout ends the wait, and the client closes all ready connections.
         *
         * <p>An idle connection holds no thread; it costs a socket on both ends, and some 4 KB of heap, 12 KB with TLS.
         *
         * @param connections 0 to {@value #MOST_PRECONNECTED}
         * @throws IllegalArgumentException if the number is out of this range
         */
        public Builder preconnect(int connections) {
            if (connections < 0 || connections > MOST_PRECONNECTED) {
                throw new IllegalArgumentException(
                        "preconnect: expected 0 to " + MOST_PRECONNECTED + ", got " + connections);
            }
            this.preconnect = connections;
            return this;
        }

        /**
         * Sets how old a connection of {@link #preconnect} may become before it is replaced. Default 8 s.
         *
         * <p>Servers close a connection on which no request comes: Xray after 4 s, {@code v2ws serve} after 10 s, as do
         * some CDNs and many configurations of proxies, sing-box after 15 s, Apache after 20 s, Jetty after 30 s, nginx
         * after 60 s. A tunnel that opens at that moment may fail, so the age should be lower. If the server closes
         * connections repeatedly at the same age, the client replaces them earlier.
         *
         * @param age 100 ms to 1 hour
         * @throws IllegalArgumentException if it is out of this range
         */
        public Builder preconnectMaxAge(Duration age) {
            if (age.compareTo(SHORTEST_AGE) < 0 || age.compareTo(LONGEST_AGE) > 0) {
                throw new IllegalArgumentException("preconnectMaxAge: expected 100ms to 1h, got " + age);
            }
            this.preconnectMaxAge = age;
            return this;
        }

        /**
         * Starts the client.
         *
         * @throws IOException if the key material cannot be used
         * @throws IllegalArgumentException if the URL and the options contradict each other
         */
        public WebSocketTransportClient build() throws IOException {
            HostAndPort target = dial == null ? url.address() : dial;
            ProxyUrl via = proxySelector == null ? proxy : ProxyUrl.select(proxySelector, url.secure(), target);
            if (via != null) {
                // Headers are for the proxy that takes them, and a selector may choose another one.
                via.requireFit(proxySelector != null && via.socks() ? Map.of() : proxyHeaders);
            } else if (proxySelector == null && !proxyHeaders.isEmpty()) {
                throw new IllegalArgumentException("proxyHeaders: expected a proxy beside them, got none");
            }
            if (connector != null && tcpKeepAlive != null) {
                throw new IllegalArgumentException(
                        "tcpKeepAlive: expected none beside a shared connector, which has its own");
            }
            TcpConnector used = connector != null
                    ? connector
                    : new TcpConnector(tcpKeepAlive == null ? TcpKeepAlive.DEFAULT : tcpKeepAlive);
            return new WebSocketTransportClient(new ClientSettings(
                    url,
                    url.applyTo(options),
                    tls,
                    dial,
                    via,
                    proxyHeaders,
                    used,
                    connector == null,
                    addressOrder == null ? used.addressOrder() : addressOrder,
                    resolver,
                    engine,
                    listener,
                    preconnect,
                    preconnectMaxAge));
        }
    }
}
