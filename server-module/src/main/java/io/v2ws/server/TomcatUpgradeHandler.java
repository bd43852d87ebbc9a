package io.v2ws.server;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Made by Tomcat for each upgrade of {@link io.v2ws.WebSocketEngine#SERVLET}; of no use to applications.
 */
@SuppressWarnings("exports")
public final class TomcatUpgradeHandler implements InternalHttpUpgradeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** Opens a tunnel on a connection. */
    @FunctionalInterface
    interface Opening {
        TomcatEndPoint open(SocketWrapperBase<?> socket) throws IOException;
    }

    private Opening opening;
    private Runnable opened;
    private SocketWrapperBase<?> socket;
    private TomcatEndPoint endPoint;

    /** Called by Tomcat. */
    public TomcatUpgradeHandler() {}

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
    public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
        socket = wrapper;
    }

    @Override
    public void setSslSupport(SSLSupport support) {
        // The socket tells.
    }

    @Override
    public void init(WebConnection connection) {
        try {
            endPoint = opening.open(socket);
            endPoint.start();
        } catch (IOException | RuntimeException x) {
            LOG.debug("The tunnel did not open", x);
            // Not a close: Tomcat has to know of the connection before it can clean up.
            socket.processSocket(SocketEvent.ERROR, true);
        } finally {
            opened.run();
        }
    }

    /** Has Tomcat watch the socket only when the tunnel asks. */
    @Override
    public boolean hasAsyncIO() {
        return true;
    }

    @Override
    public SocketState upgradeDispatch(SocketEvent event) {
        if (endPoint == null) {
            return SocketState.CLOSED;
        }
        endPoint.onEvent(event);
        if (endPoint.isOpen()) {
            return SocketState.ASYNC_IO;
        }
        endPoint.endLayers();
        return SocketState.CLOSED;
    }

    @Override
    public void timeoutAsync(long now) {
        // The tunnel has timeouts of its own.
    }

    @Override
    public void pause() {
        // The filter sends Close 1001 when the application stops.
    }

    @Override
    public void destroy() {
        if (endPoint != null) {
            endPoint.close();
            endPoint.endLayers();
        }
    }
}
