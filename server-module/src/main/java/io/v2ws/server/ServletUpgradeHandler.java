package io.v2ws.server;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Made by the servlet container for each upgrade of {@link io.v2ws.WebSocketEngine#SERVLET}; of no use to applications.
 */
public final class ServletUpgradeHandler implements HttpUpgradeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** Opens a tunnel on a connection. */
    @FunctionalInterface
    interface Opening {
        ServletEndPoint open(WebConnection connection) throws IOException;
    }

    private Opening opening;
    private Runnable opened;
    private ServletEndPoint endPoint;

    /** Called by the container. */
    public ServletUpgradeHandler() {}

    /**
     * Sets what happens once the 101 has gone out.
     *
     * @param opened is called behind it
     */
    void onUpgraded(Opening opening, Runnable opened) {
        this.opening = opening;
        this.opened = opened;
    }

    @Override
    public void init(WebConnection connection) {
        try {
            endPoint = opening.open(connection);
            endPoint.start();
        } catch (IOException | RuntimeException x) {
            LOG.debug("The tunnel did not open", x);
            ServletEndPoint.close(connection);
        } finally {
            opened.run();
        }
    }

    @Override
    public void destroy() {
        if (endPoint != null) {
            endPoint.destroyed();
        }
    }
}
