package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.config.ServeConfig;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A web server of its own for tunnels, with an empty 404 for everybody else. */
final class TunnelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    /** Room for 8,192 bytes of early data in base64 (10,923 characters), and all other headers (S16). */
    private static final int REQUEST_HEAD = 16 * 1024;

    /** The answer may echo early data, and has configured headers. */
    private static final int RESPONSE_HEAD = 32 * 1024;

    /** What RFC 3986 allows in a path and Jetty refuses for fear of misreading it; nothing here reads it. */
    private static final Set<Violation> ODD_PATHS = EnumSet.of(
            Violation.AMBIGUOUS_EMPTY_SEGMENT,
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.AMBIGUOUS_PATH_PARAMETER,
            Violation.AMBIGUOUS_PATH_SEGMENT,
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.BAD_UTF8_ENCODING,
            Violation.TRUNCATED_UTF8_ENCODING);

    /** How long a stop waits for tunnels to hear of it, besides the reset delay of the connections behind them. */
    private static final long STOP_MILLIS = 1_000;

    private final Server server;
    private final ServerConnector connector;
    private final Settings settings;

    /**
     * What a server needs to know.
     *
     * @param listen where; port 0 takes a free one
     * @param tls certificate and key, and who uses them; null for no TLS
     * @param tunnels at least one
     * @param engine what does the framing
     * @param connectTimeout for connections to upstreams, more than zero
     * @param headTimeout for a request head, TLS included; more than zero
     * @param keepAlive of the connections from clients and to upstreams
     */
    record Settings(
            HostAndPort listen,
            ServerTls tls,
            List<ServeConfig.Tunnel> tunnels,
            WebSocketEngine engine,
            Duration connectTimeout,
            Duration headTimeout,
            TcpKeepAlive keepAlive) {

        /** Makes settings with the default TCP keepalive. */
        Settings(
                HostAndPort listen,
                ServerTls tls,
                List<ServeConfig.Tunnel> tunnels,
                WebSocketEngine engine,
                Duration connectTimeout,
                Duration headTimeout) {
            this(listen, tls, tunnels, engine, connectTimeout, headTimeout, TcpKeepAlive.DEFAULT);
        }

        /** Sorts the tunnels as they have to be asked: a path-mode tunnel takes every path that begins like its own. */
        Settings {
            tunnels = tunnels.stream()
                    .sorted(Comparator.comparingInt(
                            tunnel -> -tunnel.transport().path().length()))
                    .toList();
        }

        /**
         * Checks what the library checks, before anything is started.
         *
         * @throws IllegalArgumentException naming the option
         */
        void check() {
            requireMillis("connectTimeout", connectTimeout);
            requireMillis("handshakeTimeout", headTimeout);
            tunnels.forEach(tunnel -> filter(tunnel, new EchoHandler()).build());
        }

        private Duration longestResetDelay() {
            return tunnels.stream()
                    .map(tunnel -> tunnel.transport().resetDelay())
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
        }

        private static void requireMillis(String option, Duration time) {
            if (time.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException(option + ": expected 1ms or more");
            }
        }
    }

    private TunnelServer(Settings settings) {
        this.settings = settings;
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("v2ws");
        threads.setDaemon(true);
        this.server = new SiteServer(threads);
        server.setErrorHandler(new EmptyAnswers.ErrorHandler());
        server.setDefaultHandler(new EmptyAnswers.NotFoundHandler());
        // Before the handlers: beans start in this order and stop in the opposite one.
        TcpConnector upstreams = new TcpConnector(
                server.getThreadPool(), server.getScheduler(), server.getByteBufferPool(), settings.keepAlive);
        server.addBean(upstreams, true);
        server.setStopTimeout(settings.longestResetDelay().toMillis() + STOP_MILLIS);
        boolean halfClose =
                settings.tunnels.stream().allMatch(tunnel -> tunnel.transport().halfClose());
        server.setHandler(new DeadlineHandler(site(upstreams), halfClose));
        this.connector = connector(upstreams);
        server.addConnector(connector);
    }

    /**
     * Starts a server.
     *
     * @throws IOException if it cannot listen
     */
    static TunnelServer start(Settings settings) throws IOException {
        InetSocketAddress address = ForwardCommand.resolved(settings.listen);
        TunnelServer started = new TunnelServer(settings);
        started.connector.setHost(address.getAddress().getHostAddress());
        started.connector.setPort(address.getPort());
        try {
            started.server.start();
            return started;
        } catch (Exception x) {
            started.close();
            Throwable cause = x instanceof IOException && x.getCause() != null ? x.getCause() : x;
            throw new IOException("cannot listen on " + settings.listen + ": " + cause.getMessage(), x);
        }
    }

    /** Where it listens, with the port that was taken. */
    String address() {
        return new HostAndPort(connector.getHost(), connector.getLocalPort()).toString();
    }

    /** The port it listens on. */
    int port() {
        return connector.getLocalPort();
    }

    /** Whether it speaks TLS. */
    boolean isSecure() {
        return settings.tls != null;
    }

    /** The tunnels in the order they are asked. */
    List<ServeConfig.Tunnel> tunnels() {
        return settings.tunnels;
    }

    /** Stops listening and ends the tunnels. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException cut) {
            LOG.debug("Not all connections ended within {} ms, the others were cut", server.getStopTimeout());
        } catch (Exception x) {
            LOG.warn("The server did not stop in order: {}", x.toString());
        }
    }

    private ServletContextHandler site(TcpConnector upstreams) {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.NO_SESSIONS);
        context.setContextPath("/");
        context.setErrorHandler(new EmptyAnswers.ErrorHandler());
        // Paths are compared raw; what others might read into an encoded one is of no interest here.
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        JettyWebSocketServletContainerInitializer.configure(context, null);
        for (ServeConfig.Tunnel tunnel : settings.tunnels) {
            TunnelHandler handler = tunnel.forward()
                    .<TunnelHandler>map(upstream ->
                            new TcpForwarder(upstreams, upstream, tunnel.transport(), settings.connectTimeout))
                    .orElseGet(EchoHandler::new);
            FilterHolder holder = new FilterHolder(filter(tunnel, handler)
                    .engine(settings.engine)
                    .scheduler(upstreams.scheduler())
                    .build());
            holder.setAsyncSupported(true);
            context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        context.addServlet(new ServletHolder("site", new EmptyAnswers.NotFoundServlet()), "/*");
        return context;
    }

    private static WebSocketUpgradeFilter.Builder filter(ServeConfig.Tunnel tunnel, TunnelHandler handler) {
        return WebSocketUpgradeFilter.builder(tunnel.transport(), handler)
                .hosts(tunnel.hosts())
                .trustedProxies(tunnel.trustedProxies());
    }

    private ServerConnector connector(TcpConnector upstreams) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(REQUEST_HEAD);
        http.setResponseHeaderSize(RESPONSE_HEAD);
        // One answer on every path (S9), not another on some.
        http.setUriCompliance(UriCompliance.from(ODD_PATHS));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        if (settings.tls == null) {
            return new TunnelConnector(server, upstreams, settings.headTimeout, http1);
        }
        // Tunnels are dialled by address and by the names of CDNs: the name asked for says nothing.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return new TunnelConnector(
                server, upstreams, settings.headTimeout, settings.tls.connectionFactory(http1.getProtocol()), http1);
    }

    /** Jetty's server, which cannot know of filters whether they block. */
    private final class SiteServer extends Server {
        SiteServer(QueuedThreadPool threads) {
            super(threads, new ScheduledExecutorScheduler("v2ws-scheduler", true), null);
        }

        @Override
        public InvocationType getInvocationType() {
            // A TLS handshake would keep the selector, and Jetty's engine waits until its 101 went out.
            boolean blocking = isSecure() || settings.engine == WebSocketEngine.JETTY;
            return blocking ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
        }
    }
}
