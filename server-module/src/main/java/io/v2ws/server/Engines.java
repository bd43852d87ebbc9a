package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.internal.websocket.SessionEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the engine that can run in a servlet container. */
final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private static final String NEEDED = "needs Jetty 12.1 with EE11; in a web application Jetty's module"
            + " ee11-websocket-jetty, or Jetty's own classes shown by WEB-INF/jetty-ee11-web.xml; embedded with"
            + " engine jetty, JettyWebSocketServletContainerInitializer.configure(context, null) before the start";

    /** Makes the upgrader of an engine. Any failure means that the engine cannot run here. */
    private interface Making {
        Upgrader make(ServletContext context) throws ServletException;
    }

    private Engines() {}

    /**
     * Returns the upgrader of the wanted engine, or of the next one that can run.
     *
     * @throws ServletException saying in one line what was found and what is needed, if no engine can run
     */
    static Upgrader find(WebSocketEngine wanted, ServletContext context) throws ServletException {
        List<String> reasons = new ArrayList<>();
        Upgrader found = null;
        if (wanted == WebSocketEngine.DIRECT) {
            found = make("direct", Engines::direct, context, reasons);
        }
        if (found == null) {
            found = make("jetty", Engines::jetty, context, reasons);
        }
        if (found == null) {
            throw new ServletException("no engine can run here: found " + context.getServerInfo() + " with Servlet "
                    + context.getMajorVersion() + '.' + context.getMinorVersion() + ", " + NEEDED + " ("
                    + String.join("; ", reasons) + ')');
        }
        return found;
    }

    private static Upgrader make(String name, Making making, ServletContext context, List<String> reasons) {
        try {
            return making.make(context);
        } catch (ServletException x) {
            reasons.add(name + ": " + x.getMessage());
        } catch (LinkageError x) {
            reasons.add(name + ": missing " + x.getMessage());
        }
        LOG.debug("Engine {} cannot run: {}", name, reasons.get(reasons.size() - 1));
        return null;
    }

    private static Upgrader direct(ServletContext context) throws ServletException {
        if (!DirectUpgrader.isAvailable()) {
            throw new ServletException("Jetty's own classes are not visible");
        }
        return new DirectUpgrader(context);
    }

    private static Upgrader jetty(ServletContext context) throws ServletException {
        // Otherwise the first tunnel would find out that a class is missing.
        try {
            Class.forName(SessionEndpoint.class.getName(), true, Engines.class.getClassLoader());
        } catch (ClassNotFoundException x) {
            throw new ServletException(x);
        }
        JettyUpgrader hidden = new JettyUpgrader(context);
        try {
            return new JettyCoreUpgrader(context);
        } catch (ServletException | LinkageError coreIsHidden) {
            LOG.debug("Jetty decides how connections end: {}", coreIsHidden.toString());
            return hidden;
        }
    }
}
