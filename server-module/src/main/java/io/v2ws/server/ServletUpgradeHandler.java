package io.v2ws.server;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;

/**
 * Made by the servlet container for each upgrade of {@link io.v2ws.WebSocketEngine#SERVLET}; of no use to applications.
 */
public final class ServletUpgradeHandler implements HttpUpgradeHandler {
    /** Opens a tunnel on a connection. */
    @FunctionalInterface
    interface Opening {
        ServletEndPoint open(WebConnection connection) throws IOException;
    }

    private Opening opening;
    private ServletEndPoint endPoint;

    /** Called by the container. */
    public ServletUpgradeHandler() {}

    /** Sets what happens once the 101 has gone out. */
    void onUpgraded(Opening opening) {
        this.opening = opening;
    }

    @Override
    public void init(WebConnection connection) {
        try {
            endPoint = opening.open(connection);
            endPoint.start();
        } catch (IOException x) {
            throw new IllegalStateException("the container gives no streams: " + x.getMessage(), x);
        }
    }

    @Override
    public void destroy() {
        if (endPoint != null) {
            endPoint.destroyed();
        }
    }
}
