package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.internal.io.BeatScheduler;
import io.v2ws.internal.websocket.OpenStreams;
import io.v2ws.tcp.TcpConnector;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link WebSocketUpgradeFilter} works with between {@code init} and {@code destroy}. */
final class StartedFilter {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** How long a stop waits for streams, and then for connections, to end, before it cuts them. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final ServletContext context;
    private final String name;
    /** Stops what has been started, in this order: the tunnels end before what carries them. */
    private final List<Stop> stops = new ArrayList<>();

    private final List<StartedTunnel> tunnels = new ArrayList<>();
    private final OpenStreams openStreams = new OpenStreams();
    private Upgrader upgrader;
    private Scheduler scheduler;

    /** Ends one part. */
    private interface Stop {
        void run() throws Exception;
    }

    private StartedFilter(FilterConfig config) {
        this.context = config.getServletContext();
        this.name = config.getFilterName();
    }

    /**
     * Starts a filter that was made in code. A failure stops what has been started, and is logged in one line: not
     * every container does that.
     *
     * @param givenScheduler a started scheduler of the application; null for one of the filter's own
     */
    static StartedFilter start(FilterConfig config, FilterSettings settings, Scheduler givenScheduler)
            throws ServletException {
        StartedFilter filter = new StartedFilter(config);
        try {
            filter.startEngine(settings.engine());
            filter.scheduler = givenScheduler != null ? givenScheduler : filter.ownScheduler();
            filter.add(settings);
            return filter;
        } catch (ServletException | RuntimeException | Error x) {
            filter.stop();
            throw filter.failed(x, "");
        }
    }

    /**
     * Starts a filter of {@code web.xml}.
     *
     * @return null if the filter cannot start, and the configuration does not want the application to fail for that
     * @throws ServletException if the configuration wants the application to fail
     */
    static StartedFilter start(FilterConfig config, ParamSources sources) throws ServletException {
        StartedFilter filter = new StartedFilter(config);
        FilterParams params = new FilterParams(sources);
        try {
            filter.start(params.read(StartedFilter::tunnelFile));
            Health.of(filter.context).started(filter.name, true);
            return filter;
        } catch (ServletException | RuntimeException | LinkageError | ServiceConfigurationError x) {
            filter.stop();
            Health.of(filter.context).started(filter.name, false);
            boolean fails = failsOnError(params);
            ServletException failure =
                    filter.failed(x, fails ? "" : "; there is no tunnel, and every request goes to the site");
            if (fails) {
                throw failure;
            }
            return null;
        }
    }

    /** Also where the key itself is wrong. */
    static boolean failsOnError(FilterParams params) {
        try {
            return params.failsOnError();
        } catch (IllegalArgumentException wrongItself) {
            return false;
        }
    }

    /** Returns what the application can read files with; null for nothing. */
    static TunnelFile tunnelFile() {
        return ServiceLoader.load(TunnelFile.class, WebSocketUpgradeFilter.class.getClassLoader())
                .findFirst()
                .orElse(null);
    }

    private void start(FilterPlan plan) throws ServletException {
        startEngine(plan.engine());
        plan.warnings().forEach(line -> LOG.warn("Filter {}: {}", name, line));
        TcpConnector connector = null;
        if (plan.forwards()) {
            ApplicationConnectors connectors = acquireConnectors();
            stops.add(() -> connectors.release(context));
            connector = connectors.connector(plan.keepAlive(), plan.addressOrder());
            scheduler = connectors.scheduler();
        } else {
            scheduler = ownScheduler();
        }
        for (FilterPlan.TunnelPlan tunnel : plan.tunnels()) {
            add(tunnel.settings(connector));
        }
    }

    private void startEngine(WebSocketEngine engine) throws ServletException {
        upgrader = Engines.find(engine, context);
        stops.add(this::endTunnels);
        stops.add(() -> upgrader.close(GOODBYE));
    }

    private ApplicationConnectors acquireConnectors() throws ServletException {
        try {
            return ApplicationConnectors.acquire(context);
        } catch (Exception x) {
            throw new ServletException("cannot start the connections to services: " + x.getMessage(), x);
        }
    }

    private Scheduler ownScheduler() throws ServletException {
        Scheduler own = new BeatScheduler("v2ws-filter");
        stops.add(own::stop);
        try {
            own.start();
            return own;
        } catch (Exception x) {
            throw new ServletException("cannot start " + own + ": " + x.getMessage(), x);
        }
    }

    private void add(FilterSettings settings) {
        tunnels.add(new StartedTunnel(settings));
        if (settings.clientAddresses().trustsEverybody()) {
            LOG.warn("Filter {}: with a trusted proxy of /0 every client may say which address it has", name);
        }
        LOG.info("Filter {}: tunnels at {} on {}", name, settings.options().path(), upgrader.name());
    }

    /** Logs a failure once and returns it with the name of the filter. */
    private ServletException failed(Throwable failure, String consequence) {
        boolean known = failure instanceof ServletException || failure instanceof IllegalArgumentException;
        String message = "filter " + name + ": " + (known ? failure.getMessage() : failure.toString());
        LOG.error("Cannot start the tunnel: {}{}", message, consequence);
        LOG.debug("Cannot start the tunnel", failure);
        return new ServletException(message, failure);
    }

    /**
     * Tells every peer that this end goes away. The timers of the tunnels end with the filter, so no tunnel may stay.
     */
    private void endTunnels() throws InterruptedException {
        try {
            openStreams
                    .goAway(new IOException("this end is going away"))
                    .get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stuck) {
            openStreams.cut();
        } catch (ExecutionException x) {
            throw new IllegalStateException(x);
        }
    }

    /** Stops everything. May be called again. */
    void stop() {
        for (Stop stop : stops) {
            try {
                stop.run();
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            } catch (Exception x) {
                LOG.warn("Filter {}: cannot stop", name, x);
            }
        }
        stops.clear();
    }

    /** Adds a stream that ends with this filter. */
    void opened(WebSocketStream stream) {
        openStreams.add(stream);
    }

    List<StartedTunnel> tunnels() {
        return tunnels;
    }

    Upgrader upgrader() {
        return upgrader;
    }

    Scheduler scheduler() {
        return scheduler;
    }
}
