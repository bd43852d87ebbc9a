package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.EarlyDataReceipt;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.ServiceConfigurationError;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet filter that turns matching upgrade requests into tunnels and passes every other request down the chain,
 * so that a visitor sees the ordinary site.
 *
 * <p>Embedded:
 *
 * <pre>{@code
 * var options = WebSocketTransportOptions.builder().path("/tunnel").maxEarlyData(2048).build();
 * var filter = WebSocketUpgradeFilter.builder(options, (stream, request) -> …).build();
 * context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
 * }</pre>
 *
 * <p>With {@link WebSocketEngine#JETTY} call {@code JettyWebSocketServletContainerInitializer.configure(context,
 * null)} first.
 *
 * <p>In a WAR the filter is declared in {@code web.xml}. For each key the first place that has the key decides:
 * environment ({@code V2WS_PATH}), system properties ({@code v2ws.path}), the file that {@code V2WS_CONFIG} names (see
 * {@link TunnelFile}), context-params ({@code v2ws.path}), init-params ({@code path}). {@code docs/configuration.md}
 * lists the keys.
 * Several filters with different paths may be in one context. Map them to {@code /*}: the filter compares the raw
 * request target itself, which a URL pattern cannot. It reads the head of a request only and blocks no thread.
 */
public final class WebSocketUpgradeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** Null if the settings come from the configuration. */
    private final transient FilterSettings settings;
    /** Null if the filter makes its own. */
    private final transient Scheduler scheduler;
    /** Null until the first start, after the stop, and where the filter cannot start and passes every request on. */
    private transient volatile StartedFilter started;
    /** Null for none. Set by the container before it sends requests. */
    private transient HealthPages health;

    /** For {@code web.xml}: all settings come from the environment, system properties, a file, and {@code web.xml}. */
    public WebSocketUpgradeFilter() {
        this(null, null);
    }

    private WebSocketUpgradeFilter(FilterSettings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /**
     * Starts to make a filter in code.
     *
     * @param options the transport; its headers go into the 101 response
     * @param handler receives the tunnels
     * @throws IllegalArgumentException if a header of the options belongs to the handshake itself
     */
    public static Builder builder(WebSocketTransportOptions options, TunnelHandler handler) {
        return new Builder(options, handler);
    }

    /**
     * Starts the filter. A failure leaves nothing behind, and is logged once. A filter of {@code web.xml} that cannot
     * start passes every request on, so that the site stays up, unless {@code on_error} is {@code fail}.
     *
     * @throws ServletException if the filter was made in code, or {@code on_error} is {@code fail}, and the
     *     configuration is wrong or the filter cannot work with this container
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        super.init(config);
        started = null;
        String healthPath;
        if (settings != null) {
            healthPath = settings.healthPath();
            started = StartedFilter.start(config, settings, scheduler);
        } else {
            ParamSources sources = ParamSources.of(config);
            healthPath = healthPath(sources);
            started = StartedFilter.start(config, sources);
        }
        health = healthPath == null ? null : new HealthPages(healthPath, Health.of(config.getServletContext()));
    }

    /** Returns null for none, also where something is wrong with it: the start of the filter says what. */
    private static String healthPath(ParamSources sources) {
        try {
            return new ApplicationParams(sources, StartedFilter::tunnelFile)
                    .healthPath()
                    .orElse(null);
        } catch (IllegalArgumentException | ServiceConfigurationError wrong) {
            return null;
        }
    }

    /**
     * Stops the filter, and ends its tunnels with Close 1001. From then on every request goes down the chain. An
     * application whose container closes connections before it destroys filters, as Spring Boot does, may call this
     * itself before. It may be called again, and the filter may be started again.
     */
    @Override
    public void destroy() {
        StartedFilter current = started;
        started = null;
        // Jetty also destroys filters whose init failed.
        if (current != null) {
            current.stop();
        }
        super.destroy();
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        StartedFilter current = started;
        if (current != null) {
            RequestHead head = TunnelRequestReader.head(request);
            for (StartedTunnel tunnel : current.tunnels()) {
                UpgradeDecision decision = tunnel.decide(head, request);
                if (decision instanceof UpgradeDecision.Accept accept) {
                    upgradeOrReject(current, tunnel, accept, request, response);
                    return;
                }
                if (decision instanceof UpgradeDecision.Reject reject) {
                    reject(reject, request, response);
                    return;
                }
            }
        }
        if (health == null || !health.answer(request, response)) {
            chain.doFilter(request, response);
        }
    }

    private static void reject(
            UpgradeDecision.Reject reject, HttpServletRequest request, HttpServletResponse response) {
        LOG.debug("Upgrade from {} rejected with {}: {}", request.getRemoteAddr(), reject.status(), reject.why());
        response.setStatus(reject.status());
        response.setContentLength(0);
        // Frames may follow a broken upgrade request. They must not be read as the next request.
        response.setHeader("Connection", "close");
        if (reject.status() == UpgradeMatcher.UPGRADE_REQUIRED) {
            response.setHeader("Sec-WebSocket-Version", "13");
        }
    }

    /** Keeps what an engine throws from the container, whose error page may show a stack trace (S18). */
    private static void upgradeOrReject(
            StartedFilter current,
            StartedTunnel tunnel,
            UpgradeDecision.Accept accept,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            upgrade(current, tunnel, accept, request, response);
        } catch (IOException | RuntimeException x) {
            // A stranger can make this happen as often as he likes: not for the log of every day.
            LOG.debug("The engine failed on an upgrade request", x);
            rejectFailed(request, response);
        } catch (LinkageError x) {
            LOG.warn("The engine does not fit this server: {}", x.toString());
            rejectFailed(request, response);
        }
    }

    private static void rejectFailed(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return;
        }
        response.reset();
        reject(new UpgradeDecision.Reject(HttpServletResponse.SC_BAD_REQUEST, "the engine failed"), request, response);
    }

    private static void upgrade(
            StartedFilter current,
            StartedTunnel tunnel,
            UpgradeDecision.Accept accept,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        WebSocketTransportOptions options = tunnel.settings().options();
        options.headers().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        if (accept.subprotocol() != null) {
            response.setHeader(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL, accept.subprotocol());
        }
        if (accept.receipt() != null) {
            response.addHeader(EarlyDataReceipt.HEADER, accept.receipt());
        }
        TunnelRequest upgraded = tunnel.reader().read(request, accept.earlyData().length);
        TunnelHandler handler = tunnel.settings().handler();
        current.upgrader()
                .upgrade(
                        request,
                        response,
                        options,
                        new UpgradeOffer(ByteBuffer.wrap(accept.earlyData()), accept.halfClose()),
                        current.scheduler(),
                        stream -> {
                            current.opened(stream);
                            open(handler, stream, upgraded);
                        });
    }

    private static void open(TunnelHandler handler, WebSocketStream stream, TunnelRequest tunnel) {
        try {
            handler.onTunnel(stream, tunnel);
        } catch (RuntimeException x) {
            LOG.warn("The handler of {} failed", tunnel.path(), x);
            stream.abort(x);
        }
    }

    /** Makes a filter in code. Every setter checks its argument. Not safe for more than one thread. */
    public static final class Builder {
        private final FilterSettings.Builder settings;
        private Scheduler scheduler;

        private Builder(WebSocketTransportOptions options, TunnelHandler handler) {
            this.settings = FilterSettings.builder(options, handler);
        }

        /**
         * Sets the hosts the tunnel answers to, without port. A request for another host goes down the chain (S12).
         * Default all.
         */
        public Builder hosts(Collection<String> hosts) {
            settings.hosts(hosts);
            return this;
        }

        /**
         * Sets the proxies whose {@code Forwarded} and {@code X-Forwarded-For} headers are believed (S13), as
         * addresses or CIDR blocks. A proxy that says the address of its client in another header has that behind it:
         * {@code 10.0.0.0/8=X-Real-IP}. Then that header alone counts for this proxy. Default none.
         *
         * @throws IllegalArgumentException if one is not an address or a CIDR block, with or without a header
         */
        public Builder trustedProxies(Collection<String> blocks) {
            settings.trustedProxies(blocks);
            return this;
        }

        /**
         * Sets the hook that decides who may open a tunnel (S17), such as signed-in users only; {@link Admission} has
         * the example. It runs on the thread of the request. Default: everybody.
         */
        public Builder admit(Admission admission) {
            settings.admission(admission);
            return this;
        }

        /**
         * Answers {@code path/live} with 200, and {@code path/ready} with 200 or, while a filter of the application
         * cannot start, 503 (S22). Only a request that is for no tunnel gets there. Default none.
         *
         * @param path below the context path, such as {@code /-/health}; not encoded
         * @throws IllegalArgumentException if the path does not begin with a slash, ends with one, or has other
         *     characters than letters, digits and {@code -._~}
         */
        public Builder healthPath(String path) {
            settings.healthPath(path);
            return this;
        }

        /** Sets a started scheduler that outlives the filter. Default: the filter starts its own. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /**
         * Sets what implements the WebSocket framing. Default {@link WebSocketEngine#DIRECT}; where Jetty hides the
         * classes which that needs, the filter takes {@link WebSocketEngine#JETTY}.
         */
        public Builder engine(WebSocketEngine engine) {
            settings.engine(engine);
            return this;
        }

        /** Returns the filter. */
        public WebSocketUpgradeFilter build() {
            return new WebSocketUpgradeFilter(settings.build(), scheduler);
        }
    }
}
