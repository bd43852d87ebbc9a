package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.OpenStreams;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
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
    /** Most connections of {@link Builder#preconnect}. */
    public static final int MOST_PRECONNECTED = 64;

    /** See {@link Builder#preconnectMaxAge}. */
    public static final Duration DEFAULT_PRECONNECT_MAX_AGE = Duration.ofSeconds(8);

    private static final Duration SHORTEST_AGE = Duration.ofMillis(100);
    private static final Duration LONGEST_AGE = Duration.ofHours(1);
    private static final long GOODBYE_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransportClient.class);

    private final WebSocketTransportOptions options;
    private final TcpConnector connector;
    /** What is stopped with this client, in this order. */
    private final Deque<LifeCycle> parts = new ArrayDeque<>();

    private final OpenStreams openStreams = new OpenStreams();
    /** Streams that wait for their first write. */
    private final Set<EarlyDataStream> notBegun = ConcurrentHashMap.newKeySet();

    private final Function<String, CompletableFuture<WebSocketStream>> upgrade;
    private final WarmConnections warmConnections;
    private final String name;

    private WebSocketTransportClient(Builder builder) throws IOException {
        TunnelUrl url = builder.url;
        this.options = url.applyTo(builder.options);
        this.connector = builder.connector();
        this.name = url.scheme() + "://" + url.authority() + options.path();
        this.warmConnections = builder.preconnect == 0
                ? null
                : new WarmConnections(
                        builder.preconnect,
                        builder.preconnectMaxAge,
                        options.handshakeTimeout(),
                        connector.scheduler(),
                        builder.proxy == null ? name : "the proxy " + builder.proxy);
        try {
            if (builder.connector == null) {
                parts.push(connector);
                connector.start();
            }
            Function<String, CompletableFuture<WebSocketStream>> sending = upgrade(builder);
            this.upgrade = earlyData -> {
                CompletableFuture<WebSocketStream> sent = sending.apply(earlyData);
                sent.thenAccept(openStreams::add);
                return sent;
            };
        } catch (Exception x) {
            close();
            throw x instanceof IOException io ? io : new IOException("cannot start the client: " + x.getMessage(), x);
        }
    }

    /** Starts Jetty's clients and returns what sends upgrades through them. */
    private Function<String, CompletableFuture<WebSocketStream>> upgrade(Builder builder) throws Exception {
        TunnelUrl url = builder.url;
        String origin = url.scheme() + "://" + (builder.dial == null ? url.address() : builder.dial);
        TunnelSslContextFactory tls = new TunnelSslContextFactory(builder.tls, url.host(), builder.listener);
        HttpClient http = JettyClients.start(
                connector,
                builder.connector == null,
                options,
                url.secure(),
                tls,
                builder.proxy,
                builder.listener,
                warmConnections);
        parts.push(http);
        Upgrade engine = engine(builder, http, origin);
        if (warmConnections == null) {
            return earlyData -> engine.send(earlyData, options.handshakeTimeout());
        }
        warmConnections.connectTo((TunnelDestination) http.resolveDestination(http.newRequest(URI.create(origin))));
        parts.push(warmConnections);
        warmConnections.start();
        return new WarmUpgrade(engine, warmConnections, options.handshakeTimeout())::send;
    }

    private Upgrade engine(Builder builder, HttpClient http, String origin) throws Exception {
        String dialled = builder.proxy == null ? origin : "the proxy " + builder.proxy;
        String host = builder.url.authority();
        if (builder.engine == WebSocketEngine.DIRECT) {
            return new DirectUpgrade(http, options, origin, dialled, host, connector.scheduler(), builder.listener);
        }
        WebSocketClient webSocket = JettyClients.startWebSocket(http);
        parts.push(webSocket);
        return new JettyUpgrade(webSocket, options, origin, dialled, host, connector.scheduler(), builder.listener);
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
        CompletableFuture<WebSocketStream> opening = connect(options.serverFirstWait());
        if (opening.isDone()) {
            return opening;
        }
        // What a caller does next may block, and the network must not wait for that.
        CompletableFuture<WebSocketStream> result = new CompletableFuture<>();
        opening.whenComplete((stream, failure) -> connector.executor().execute(() -> pass(stream, failure, result)));
        result.whenComplete((stream, failure) -> {
            if (failure != null) {
                opening.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static void pass(WebSocketStream stream, Throwable failure, CompletableFuture<WebSocketStream> to) {
        if (failure != null) {
            to.completeExceptionally(failure);
        } else if (!to.complete(stream)) {
            stream.abort(new IOException("the upgrade was cancelled"));
        }
    }

    /** As {@link #connect()}, with another wait for the first write; what depends on it must not block. */
    CompletableFuture<WebSocketStream> connect(Duration serverFirstWait) {
        if (options.maxEarlyData() == 0) {
            return upgrade.apply("");
        }
        EarlyDataStream stream = new EarlyDataStream(upgrade, options.maxEarlyData(), notBegun::remove);
        notBegun.add(stream);
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

    /** How many streams wait for their first write this moment. */
    int streamsNotBegun() {
        return notBegun.size();
    }

    /** How many connections are ready this moment. */
    int fitConnections() {
        return warmConnections == null ? 0 : warmConnections.fit();
    }

    /**
     * Ends the client and the tunnels that are still open: each sends Close 1001, and its readers and writers fail. Tunnels
     * that are being closed already send what was written to them first. Then the connections of a {@link LocalForwarder} are
     * reset, once what had arrived for them was delivered. The call waits for all of them, for the close write timeout, the
     * close timeout, {@value #GOODBYE_SECONDS} s and the reset delay at most; what has not ended by then is cut.
     */
    @Override
    public void close() {
        IOException reason = new IOException("the client is closed");
        notBegun.forEach(stream -> stream.abort(reason));
        await(openStreams.goAway(reason), options.closeWriteTimeout().plus(options.closeTimeout()));
        if (parts.contains(connector)) {
            await(connector.shutdown(), options.resetDelay().plusSeconds(GOODBYE_SECONDS));
        }
        parts.forEach(part -> {
            try {
                part.stop();
            } catch (Exception x) {
                LOG.warn("Cannot stop the client of {}", name, x);
            }
        });
    }

    private static void await(CompletableFuture<Void> ended, Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException cut) {
            LOG.debug("Not all connections ended within {} ms, the others are cut", time.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
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
        private TcpKeepAlive tcpKeepAlive;
        private WebSocketEngine engine = WebSocketEngine.DIRECT;
        private HandshakeListener listener;
        private int preconnect;
        private Duration preconnectMaxAge = DEFAULT_PRECONNECT_MAX_AGE;

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

        /**
         * Sets started threads, timers and buffers to share; by default the client has its own. The client's connections
         * have the connector's TCP keepalive.
         */
        public Builder connector(TcpConnector connector) {
            this.connector = connector;
            return this;
        }

        /**
         * Sets the TCP keepalive of the client's connections: those to the server or proxy, and those that a
         * {@link LocalForwarder} accepts. Not together with {@link #connector}, which has its own. Default
         * {@link TcpKeepAlive#DEFAULT}.
         */
        public Builder tcpKeepAlive(TcpKeepAlive keepAlive) {
            this.tcpKeepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
            return this;
        }

        private TcpConnector connector() {
            if (connector != null && tcpKeepAlive != null) {
                throw new IllegalArgumentException(
                        "tcpKeepAlive: expected none beside a shared connector, which has its own");
            }
            return connector != null
                    ? connector
                    : new TcpConnector(tcpKeepAlive == null ? TcpKeepAlive.DEFAULT : tcpKeepAlive);
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
         * Sets how many connections are kept open through TCP, proxy and TLS for the next tunnels, so that these come
         * about in one round trip, and with early data the answer too. Default 0, none.
         *
         * <p>They are opened when the client is made, which does not fail if the server is not there, and anew when one was
         * used, has aged (see {@link #preconnectMaxAge}) or died. When there is none, a tunnel takes a fresh connection.
         * If the server cannot be reached, or closes them at once, it is tried again after pauses of up to 30 seconds.
         *
         * <p>A connection that died unnoticed is found out by the upgrade. If that carried no early data, it is sent once
         * more on a fresh connection, within the same handshake timeout. <b>With early data it is not</b>, as the bytes may
         * have arrived and must not arrive twice: the tunnel fails with an {@link IOException}. Where packets just vanish,
         * the handshake timeout is what ends the wait, and all the others are given up too.
         *
         * <p>An idle connection holds no thread; it costs a socket on both ends, and some 4 KB of heap, 12 KB with TLS.
         *
         * @param connections 0 to {@value #MOST_PRECONNECTED}
         * @throws IllegalArgumentException if it is out of this range
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
         * some CDNs and many a proxy's configuration, sing-box after 15 s, Apache after 20 s, Jetty after 30 s, nginx
         * after 60 s. A tunnel that meets just that moment may fail, so the age should be below; where the server is seen
         * to close them at the same age time and again, they are replaced before that of its own accord.
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
