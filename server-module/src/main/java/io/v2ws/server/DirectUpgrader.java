package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.TunnelEndPoint;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.Handshake;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Upgrades for {@link io.v2ws.WebSocketEngine#DIRECT}: once the 101 has gone out, Jetty hands its end point over to a
 * {@link FrameConnection}. Needs Jetty's own classes, which a WAR sees only with {@code WEB-INF/jetty-ee11-web.xml}.
 */
final class DirectUpgrader implements Upgrader {
    /** How long peers may take to end their tunnels when a server without a stop timeout stops. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final OpenTunnels openTunnels = new OpenTunnels();
    private final ServletContextHandler context;
    private final Server server;
    /** Without a stop timeout, the default of jetty-home, a server closes its connections before its applications. */
    private final LifeCycle.Listener beforeServer = new LifeCycle.Listener() {
        @Override
        public void lifeCycleStopping(LifeCycle stopping) {
            if (server.getStopTimeout() == 0) {
                openTunnels.close(GOODBYE);
            }
        }
    };

    /** Makes the upgrader of one filter. The context tells {@link OpenTunnels} when the server stops gracefully. */
    DirectUpgrader(ServletContext servletContext) throws ServletException {
        context = ServletContextHandler.getServletContextHandler(servletContext);
        if (context == null) {
            throw new ServletException("Jetty is on the class path, but the servlet container is another one");
        }
        context.addBean(openTunnels);
        server = context.getServer();
        server.addEventListener(beforeServer);
    }

    @Override
    public String name() {
        return "the direct engine";
    }

    @Override
    public void close(Duration patience) {
        openTunnels.close(patience);
        context.removeBean(openTunnels);
        server.removeEventListener(beforeServer);
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
        if (offer.halfClose() && meta.getConnection().getEndPoint() instanceof TunnelEndPoint endPoint) {
            // The empty text that answers the announcement follows the 101 at once (F9).
            endPoint.holdAnswer();
        }
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", Handshake.acceptFor(request.getHeader("Sec-WebSocket-Key")));
        // Last: Jetty takes any response for an upgrade once the attribute is there.
        jettyRequest.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
        // No flush: it would wait for a client that does not read. Jetty sends the 101 when the filter chain has
        // returned.
    }
}
