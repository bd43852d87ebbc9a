package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.Handshake;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.thread.Scheduler;

/** Has Jetty hand its end point over to a {@link FrameConnection} once the 101 went out. Not for WARs, see there. */
final class DirectUpgrade implements UpgradeEngine {
    private final OpenTunnels openTunnels = new OpenTunnels();
    private final ServletContextHandler context;

    /** Makes the engine of one filter; the context tells it when the server stops. */
    DirectUpgrade(ServletContext servletContext) {
        context = ServletContextHandler.getServletContextHandler(servletContext);
        context.addBean(openTunnels);
    }

    @Override
    public void close() {
        // Without its filter a tunnel has no timers any more.
        openTunnels.shutdown();
        context.removeBean(openTunnels);
    }

    /** Whether the classes this needs are visible here: Jetty hides them from web applications. */
    static boolean isAvailable() {
        try {
            Class.forName(
                    "org.eclipse.jetty.ee11.servlet.ServletContextRequest",
                    false,
                    DirectUpgrade.class.getClassLoader());
            Class.forName("org.eclipse.jetty.server.HttpStream", false, DirectUpgrade.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError hidden) {
            return false;
        }
    }

    @Override
    public void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen) {
        ServletContextRequest jettyRequest = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData meta = jettyRequest.getConnectionMetaData();
        Connector connector = meta.getConnector();
        FrameConnection connection = FrameConnection.server(
                meta.getConnection().getEndPoint(),
                connector.getExecutor(),
                connector.getByteBufferPool(),
                scheduler,
                options,
                offer,
                onOpen);
        connector.getEventListeners().forEach(connection::addEventListener);
        connection.addEventListener(openTunnels);
        jettyRequest.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", Handshake.acceptFor(request.getHeader("Sec-WebSocket-Key")));
        // It goes out when the filter chain has returned; a flush would wait for a client that does not read.
    }
}
