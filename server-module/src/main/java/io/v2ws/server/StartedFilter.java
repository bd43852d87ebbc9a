package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link WebSocketUpgradeFilter} works with between {@code init} and {@code destroy}. */
final class StartedFilter {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** Stops what has been started, in this order: the tunnels end before what carries them. */
    private final List<Runnable> stops = new ArrayList<>();

    private FilterSettings settings;
    private UpgradeMatcher matcher;
    private TunnelRequestReader reader;
    private Upgrader upgrader;
    private Scheduler scheduler;

    private StartedFilter() {}

    /**
     * Starts a filter. A failure stops what has been started, and is logged in one line: not every container does that.
     *
     * @param given the settings; null to read init-params
     * @param givenScheduler a started scheduler of the application; null for one of the filter's own
     */
    static StartedFilter start(FilterConfig config, FilterSettings given, Scheduler givenScheduler)
            throws ServletException {
        StartedFilter filter = new StartedFilter();
        try {
            filter.settings = given != null ? given : new InitParams(config).read();
            filter.startParts(config, givenScheduler);
            return filter;
        } catch (ServletException | RuntimeException | Error x) {
            filter.stop();
            LOG.error("Cannot start the tunnel: {}", x instanceof ServletException ? x.getMessage() : x.toString());
            throw x;
        }
    }

    private void startParts(FilterConfig config, Scheduler givenScheduler) throws ServletException {
        upgrader = newUpgrader(config);
        stops.add(upgrader::close);
        if (settings.connector() != null) {
            started(settings.connector(), config);
        }
        scheduler = givenScheduler != null
                ? givenScheduler
                : started(new ScheduledExecutorScheduler("v2ws-filter", true), config);
        matcher = new UpgradeMatcher(settings.options(), settings.hosts());
        reader = new TunnelRequestReader(settings);
        LOG.info(
                "Filter {}: tunnels at {} on {}",
                config.getFilterName(),
                settings.options().path(),
                upgrader instanceof DirectUpgrader ? "the direct engine" : "Jetty's WebSocket engine");
    }

    private Upgrader newUpgrader(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        try {
            boolean direct = settings.engine() == WebSocketEngine.DIRECT && DirectUpgrader.isAvailable();
            return direct ? new DirectUpgrader(context) : new JettyUpgrader(context);
        } catch (ServletException x) {
            throw new ServletException(where(config) + x.getMessage(), x);
        } catch (LinkageError x) {
            throw new ServletException(
                    where(config) + "expected Jetty 12.1 (EE11) with its module ee11-websocket-jetty, got "
                            + context.getServerInfo() + " without " + x.getMessage(),
                    x);
        }
    }

    private <T extends LifeCycle> T started(T part, FilterConfig config) throws ServletException {
        stops.add(() -> stop(part));
        try {
            part.start();
            return part;
        } catch (Exception x) {
            throw new ServletException(where(config) + "cannot start " + part + ": " + x.getMessage(), x);
        }
    }

    private static String where(FilterConfig config) {
        return "filter " + config.getFilterName() + ": ";
    }

    private static void stop(LifeCycle part) {
        try {
            part.stop();
        } catch (Exception x) {
            LOG.warn("Cannot stop {}", part, x);
        }
    }

    /** Stops everything. May be called again. */
    void stop() {
        stops.forEach(Runnable::run);
        stops.clear();
    }

    FilterSettings settings() {
        return settings;
    }

    UpgradeMatcher matcher() {
        return matcher;
    }

    TunnelRequestReader reader() {
        return reader;
    }

    Upgrader upgrader() {
        return upgrader;
    }

    Scheduler scheduler() {
        return scheduler;
    }
}
