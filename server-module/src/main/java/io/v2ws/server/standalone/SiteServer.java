package io.v2ws.server.standalone;

import io.v2ws.WebSocketEngine;
import io.v2ws.internal.io.BeatScheduler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The Jetty of a {@link TunnelServer}: one connector, and one servlet context with a filter for each tunnel in front of
 * the site.
 */
final class SiteServer extends Server {
    /** Fits 8,192 bytes of early data in base64 (10,923 characters) and all other headers (S16). */
    private static final int REQUEST_HEAD = 16 * 1024;

    /** How long a visitor who reads a large file slowly may take to make room for more of it. */
    private static final Duration SLOW_VISITOR = Duration.ofMinutes(2);

    /** Fits the early data that a 101 echoes (S7) and the configured headers. */
    private static final int RESPONSE_HEAD = 32 * 1024;

    /**
     * Path characters that RFC 3986 allows. Jetty rejects them because applications might misread them; v2ws compares
     * raw.
     */
    private static final Set<Violation> ODD_PATHS = EnumSet.of(
            Violation.AMBIGUOUS_EMPTY_SEGMENT,
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.AMBIGUOUS_PATH_PARAMETER,
            Violation.AMBIGUOUS_PATH_SEGMENT,
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.BAD_UTF8_ENCODING,
            Violation.TRUNCATED_UTF8_ENCODING);

    /** How long a stop waits for tunnels to end, in addition to the reset delay of the connections behind them. */
    private static final long STOP_MILLIS = 1_000;

    private final ServerSettings settings;
    private final TcpConnector upstreams;
    private final TunnelConnector connector;

    SiteServer(ServerSettings settings, List<ServerSocketChannel> listening) throws IOException {
        super(threads(), new BeatScheduler("v2ws-scheduler"), null);
        this.settings = settings;
        setErrorHandler(new EmptyResponses.ErrorHandler());
        setDefaultHandler(new EmptyResponses.NotFoundHandler());
        this.upstreams = new TcpConnector(
                getThreadPool(), getScheduler(), getByteBufferPool(), settings.tcpKeepAlive(), settings.addressOrder());
        // Before the handler: beans start in this order and stop in the reverse order.
        addBean(upstreams, true);
        setStopTimeout(settings.longestResetDelay().toMillis() + STOP_MILLIS);
        setHandler(new DeadlineHandler(site()));
        this.connector = connector();
        connector.listenOn(listening);
        addConnector(connector);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("v2ws");
        threads.setDaemon(true);
        return threads;
    }

    TunnelConnector tunnelConnector() {
        return connector;
    }

    /**
     * Jetty opens the port before it starts anything else, and leaves the port open if something else does not start.
     */
    @Override
    protected void doStart() throws Exception {
        try {
            super.doStart();
        } catch (Throwable x) {
            connector.closeListener();
            throw x;
        }
    }

    /** Jetty does not know whether filters block. */
    @Override
    public InvocationType getInvocationType() {
        return settings.mayBlock() ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
    }

    private ServletContextHandler site() {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.NO_SESSIONS);
        context.setContextPath("/");
        context.setErrorHandler(new EmptyResponses.ErrorHandler());
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        if (settings.engine() == WebSocketEngine.JETTY) {
            JettyWebSocketServletContainerInitializer.configure(context, null);
        }
        for (Tunnel tunnel : settings.tunnels()) {
            FilterHolder holder = new FilterHolder(filter(tunnel));
            holder.setAsyncSupported(true);
            context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        ServletHolder site = new ServletHolder(
                "site", settings.site() == null ? new EmptyResponses.NotFoundServlet() : settings.site());
        site.setAsyncSupported(true);
        // A site that cannot start is found out now, not by a visitor.
        site.setInitOrder(1);
        context.addServlet(site, "/*");
        return context;
    }

    private WebSocketUpgradeFilter filter(Tunnel tunnel) {
        WebSocketUpgradeFilter.Builder filter = tunnel.filter(tunnel.handler(upstreams, settings.connectTimeout()))
                .engine(settings.engine())
                .scheduler(upstreams.scheduler());
        if (settings.healthPath() != null) {
            filter.healthPath(settings.healthPath());
        }
        return filter.build();
    }

    private TunnelConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(REQUEST_HEAD);
        http.setResponseHeaderSize(RESPONSE_HEAD);
        // What a site writes goes out at once: a proxied stream of events must not wait for more of it.
        http.setOutputAggregationSize(0);
        // All paths get the same response (S9): no 400 on some of them.
        http.setUriCompliance(UriCompliance.from(ODD_PATHS));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        if (settings.tls() == null) {
            return patient(new TunnelConnector(this, upstreams, settings.handshakeTimeout(), http1));
        }
        // Without a check of the server name (SNI): clients connect by address and by the names of CDNs.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return patient(new TunnelConnector(
                this,
                upstreams,
                settings.handshakeTimeout(),
                settings.tls().connectionFactory(http1.getProtocol()),
                http1));
    }

    private static TunnelConnector patient(TunnelConnector connector) {
        connector.setIdleTimeout(SLOW_VISITOR.toMillis());
        return connector;
    }
}
