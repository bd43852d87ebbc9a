package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.SessionEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the engine that can run in a servlet container. */
final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private static final String NEEDED =
            "needs Jetty 12.1 with EE11 or another container with Servlet 6, such as Tomcat"
                    + " 10.1 or 11; in a web application on Jetty its module ee11-websocket-jetty, or Jetty's own classes shown by"
                    + " WEB-INF/jetty-ee11-web.xml; embedded in Jetty with engine jetty,"
                    + " JettyWebSocketServletContainerInitializer.configure(context, null) before the start";

    /** Where an engine cannot run, the next one is tried. */
    private static final List<WebSocketEngine> ORDER =
            List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY, WebSocketEngine.SERVLET);

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
        for (WebSocketEngine engine : ORDER.subList(ORDER.indexOf(wanted), ORDER.size())) {
            Upgrader found = make(engine.name().toLowerCase(Locale.ROOT), making(engine), context, reasons);
            if (found != null) {
                return found;
            }
        }
        throw new ServletException("no engine can run here: found " + context.getServerInfo() + " with Servlet "
                + context.getMajorVersion() + '.' + context.getMinorVersion() + ", " + NEEDED + " ("
                + String.join("; ", reasons) + ')');
    }

    private static Making making(WebSocketEngine engine) {
        return switch (engine) {
            case DIRECT -> Engines::direct;
            case JETTY -> Engines::jetty;
            case SERVLET -> Engines::servlet;
        };
    }

    private static Upgrader make(String name, Making making, ServletContext context, List<String> reasons) {
        try {
            return making.make(context);
        } catch (ServletException x) {
            reasons.add(name + ": " + x.getMessage());
            LOG.debug("Engine {} cannot run: {}", name, x.getMessage());
        } catch (LinkageError x) {
            reasons.add(name + ": missing " + x.getMessage());
            LOG.info("Engine {} cannot run with this version of the container: missing {}", name, x.getMessage());
        }
        return null;
    }

    private static Upgrader direct(ServletContext context) throws ServletException {
        if (!isVisible("org.eclipse.jetty.ee11.servlet.ServletContextRequest")
                || !isVisible("org.eclipse.jetty.server.HttpStream")) {
            throw new ServletException("Jetty's own classes are not visible");
        }
        return new DirectUpgrader(context);
    }

    private static Upgrader servlet(ServletContext context) throws ServletException {
        // Not by the server's name: operators change it.
        String container = context.getClass().getName();
        if (container.startsWith("org.eclipse.jetty.")) {
            // Seen with 12.1.12: the streams of its HttpUpgradeHandler are at their end at once.
            throw new ServletException("Jetty ends the input of a request without content at the upgrade");
        }
        // Otherwise the first tunnel would find out that a class is missing.
        load(FrameConnection.class.getName());
        // GlassFish and Payara have a part of Tomcat, but not its connections.
        boolean onTomcat = container.startsWith("org.apache.catalina.")
                && isVisible("org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler");
        if (onTomcat) {
            load("io.v2ws.server.TomcatUpgradeHandler");
            load("io.v2ws.server.TomcatEndPoint");
        }
        return new ServletUpgrader(onTomcat);
    }

    private static Upgrader jetty(ServletContext context) throws ServletException {
        // Otherwise the first tunnel would find out that a class is missing.
        // First: WildFly logs a stack trace for a class that cannot be linked, and nothing for one that is not there.
        load("org.eclipse.jetty.websocket.api.Session");
        load(SessionEndpoint.class.getName());
        JettyUpgrader hidden = new JettyUpgrader(context);
        try {
            return new JettyCoreUpgrader(context);
        } catch (ServletException | LinkageError coreIsHidden) {
            LOG.debug("Jetty decides how connections end: {}", coreIsHidden.toString());
            return hidden;
        }
    }

    private static boolean isVisible(String className) {
        try {
            Class.forName(className, false, Engines.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError hidden) {
            return false;
        }
    }

    private static void load(String className) throws ServletException {
        try {
            Class.forName(className, true, Engines.class.getClassLoader());
        } catch (ClassNotFoundException x) {
            throw new ServletException(x);
        }
    }
}
