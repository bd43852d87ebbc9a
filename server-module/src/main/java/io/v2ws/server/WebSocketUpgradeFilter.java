package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.IpLiteral;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet filter that turns matching upgrade requests into tunnels and passes everything else down the chain, so that a
 * visitor sees the ordinary site.
 *
 * <p>Embedded:
 *
 * <pre>{@code
 * var options = WebSocketTransportOptions.builder().path("/tunnel").maxEarlyData(2048).build();
 * var filter = WebSocketUpgradeFilter.builder(options, (stream, request) -> …).build();
 * context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
 * }</pre>
 *
 * <p>With {@link WebSocketEngine#JETTY} call {@code JettyWebSocketServletContainerInitializer.configure(context, null)} first.
 *
 * <p>In a WAR it is named in {@code web.xml} and configured by init-params, see {@code InitParams} for their names.
 * Several filters with different paths may stand in one context. Map them to {@code /*}: the filter compares the raw
 * request target itself, which a URL pattern cannot. It reads nothing but the head of a request and blocks no thread.
 */
public final class WebSocketUpgradeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private transient FilterSettings settings;
    private transient boolean readFromInitParams;
    private transient UpgradeMatcher matcher;
    private transient UpgradeEngine engine;
    private transient Scheduler scheduler;
    private transient Scheduler ownScheduler;

    /** For {@code web.xml}: everything comes from init-params. */
    public WebSocketUpgradeFilter() {}

    private WebSocketUpgradeFilter(FilterSettings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /**
     * Starts to make a filter in code.
     *
     * @param options the transport; its headers go into the 101 response
     * @param handler receives the tunnels
     */
    public static Builder builder(WebSocketTransportOptions options, TunnelHandler handler) {
        return new Builder(options, handler);
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
        super.init(config);
        if (settings == null) {
            settings = FilterSettings.fromInitParams(config);
            readFromInitParams = true;
        }
        engine = newEngine(config);
        if (scheduler == null) {
            ownScheduler = new ScheduledExecutorScheduler("v2ws-filter", true);
            start(ownScheduler);
            scheduler = ownScheduler;
        }
        matcher = new UpgradeMatcher(settings.options(), settings.hosts());
    }

    private UpgradeEngine newEngine(FilterConfig config) throws ServletException {
        boolean direct = settings.engine() == WebSocketEngine.DIRECT && DirectUpgrade.isAvailable();
        LOG.info(
                "Filter {}: tunnels at {} on {}",
                config.getFilterName(),
                settings.options().path(),
                direct ? "the direct engine" : "Jetty's WebSocket engine");
        return direct ? new DirectUpgrade(config.getServletContext()) : new JettyUpgrade(config.getServletContext());
    }

    private static void start(Scheduler scheduler) throws ServletException {
        try {
            scheduler.start();
        } catch (Exception x) {
            throw new ServletException("cannot start the scheduler", x);
        }
    }

    @Override
    public void destroy() {
        if (engine != null) {
            engine.close();
        }
        if (settings != null) {
            settings.close();
        }
        if (readFromInitParams) {
            // A filter that is started again reads them again, and gets a new connector.
            settings = null;
        }
        if (ownScheduler != null) {
            try {
                ownScheduler.stop();
            } catch (Exception x) {
                LOG.warn("Cannot stop the scheduler", x);
            }
            ownScheduler = null;
            scheduler = null;
        }
        super.destroy();
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        UpgradeDecision decision = matcher.decide(head(request));
        if (decision instanceof UpgradeDecision.Accept accept) {
            upgrade(accept, request, response);
        } else if (decision instanceof UpgradeDecision.Reject reject) {
            reject(reject, request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static RequestHead head(HttpServletRequest request) {
        // The context path is a prefix of the request URI, as it came.
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return new RequestHead(
                request.getMethod(),
                request.getProtocol(),
                path.isEmpty() ? "/" : path,
                request.getQueryString(),
                name -> Collections.list(request.getHeaders(name)));
    }

    private static void reject(
            UpgradeDecision.Reject reject, HttpServletRequest request, HttpServletResponse response) {
        LOG.debug("Upgrade from {} rejected with {}: {}", request.getRemoteAddr(), reject.status(), reject.why());
        response.setStatus(reject.status());
        response.setContentLength(0);
        // What follows a broken upgrade may be frames; they must not be taken for the next request.
        response.setHeader("Connection", "close");
        if (reject.status() == 426) {
            response.setHeader("Sec-WebSocket-Version", "13");
        }
    }

    private void upgrade(UpgradeDecision.Accept accept, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        settings.options()
                .headers()
                .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        if (accept.subprotocol() != null) {
            response.setHeader(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL, accept.subprotocol());
        }
        TunnelRequest tunnel = describe(accept, request);
        engine.upgrade(
                request,
                response,
                settings.options(),
                new UpgradeOffer(ByteBuffer.wrap(accept.earlyData()), accept.halfClose()),
                scheduler,
                stream -> open(stream, tunnel));
    }

    private void open(WebSocketStream stream, TunnelRequest tunnel) {
        try {
            settings.handler().onTunnel(stream, tunnel);
        } catch (RuntimeException x) {
            LOG.warn("The handler of {} failed", tunnel.path(), x);
            stream.abort(x);
        }
    }

    private TunnelRequest describe(UpgradeDecision.Accept accept, HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            if (!name.equalsIgnoreCase(settings.options().earlyDataHeaderName())) {
                headers.put(name, Collections.list(request.getHeaders(name)));
            }
        }
        InetSocketAddress peer = new InetSocketAddress(address(request), request.getRemotePort());
        return new TunnelRequest(
                settings.clientAddresses().resolve(peer, name -> headers.getOrDefault(name, List.of())),
                Objects.requireNonNullElse(request.getHeader("Host"), ""),
                settings.options().path(),
                Collections.unmodifiableMap(headers),
                accept.earlyData().length);
    }

    private static InetAddress address(HttpServletRequest request) {
        String text = Objects.requireNonNullElse(request.getRemoteAddr(), "");
        String literal = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        // The zone of a link-local address means nothing to anybody else.
        int zone = literal.indexOf('%');
        InetAddress address = IpLiteral.parse(zone < 0 ? literal : literal.substring(0, zone));
        // A Unix domain socket has no address; it must not be taken for one that is trusted.
        return address == null ? IpLiteral.parse("0.0.0.0") : address;
    }

    /** Makes a filter in code. */
    public static final class Builder {
        private final WebSocketTransportOptions options;
        private final TunnelHandler handler;
        private Collection<String> hosts = List.of();
        private Collection<String> trustedProxies = List.of();
        private Scheduler scheduler;
        private WebSocketEngine engine = WebSocketEngine.DIRECT;

        private Builder(WebSocketTransportOptions options, TunnelHandler handler) {
            this.options = Objects.requireNonNull(options, "options");
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        /** Sets the hosts the tunnel answers to, without port; requests to others see the ordinary site. Default all. */
        public Builder hosts(Collection<String> hosts) {
            this.hosts = List.copyOf(hosts);
            return this;
        }

        /**
         * Sets the proxies whose {@code Forwarded} and {@code X-Forwarded-For} are believed, as addresses or CIDR blocks.
         * Default none.
         */
        public Builder trustedProxies(Collection<String> blocks) {
            this.trustedProxies = List.copyOf(blocks);
            return this;
        }

        /** Sets a started scheduler that outlives the filter; by default the filter has its own. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /**
         * Sets what does the framing. Default {@link WebSocketEngine#DIRECT}; where Jetty hides what that needs, the filter
         * takes Jetty's by itself.
         */
        public Builder engine(WebSocketEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /**
         * Returns the filter.
         *
         * @throws IllegalArgumentException if a trusted proxy is no address or CIDR block, or a header belongs to the
         *     handshake itself
         */
        public WebSocketUpgradeFilter build() {
            return new WebSocketUpgradeFilter(
                    FilterSettings.of(options, handler, hosts, trustedProxies, engine, () -> {}), scheduler);
        }
    }
}
