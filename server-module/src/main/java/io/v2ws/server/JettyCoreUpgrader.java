package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.LastingConnection;
import io.v2ws.internal.websocket.LastingEndPoint;
import io.v2ws.internal.websocket.Role;
import io.v2ws.internal.websocket.SessionEndpoint;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletCoreRequest;
import org.eclipse.jetty.ee11.servlet.ServletCoreResponse;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.server.FrameHandlerFactory;
import org.eclipse.jetty.websocket.core.server.WebSocketCreator;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/**
 * Upgrades for {@link io.v2ws.WebSocketEngine#JETTY} where Jetty's own classes are visible: does what Jetty's WebSocket
 * container does for {@link JettyUpgrader}, but puts a {@link LastingEndPoint} below the WebSocket.
 */
final class JettyCoreUpgrader implements Upgrader {
    private final OpenTunnels openTunnels = new OpenTunnels();
    private final WebSocketMappings mappings;
    private final FrameHandlerFactory handlers;

    JettyCoreUpgrader(ServletContext context) throws ServletException {
        ServletContextHandler handler = ServletContextHandler.getServletContextHandler(context);
        if (handler == null) {
            throw new ServletException("the servlet container is not the Jetty whose classes are visible");
        }
        mappings = WebSocketMappings.getMappings(handler);
        handlers = JettyWebSocketServerContainer.getContainer(context).getBean(FrameHandlerFactory.class);
        if (mappings == null || handlers == null) {
            throw new ServletException("Jetty's WebSocket container has other parts than those of Jetty 12.1");
        }
    }

    @Override
    public String name() {
        return JettyUpgrader.NAME;
    }

    @Override
    public void close(Duration patience) {
        openTunnels.close(patience);
    }

    @Override
    public void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen)
            throws IOException {
        Request plain = ServletCoreRequest.wrap(new EngineRequest(request));
        ConnectionMetaData meta = plain.getConnectionMetaData();
        LastingEndPoint endPoint = new LastingEndPoint(
                meta.getConnection().getEndPoint(), meta.getConnector().getByteBufferPool(), scheduler, Role.SERVER);
        Request over = new OverRequest(plain, new LastingConnection(meta.getConnection(), endPoint));
        Response coreResponse = ServletCoreResponse.wrap(over, response, false);
        WebSocketCreator creator = (upgradeRequest, upgradeResponse, callback) -> {
            // No compression (S14): tunnels mostly carry compressed or encrypted data.
            upgradeResponse.setExtensions(List.of());
            SessionEndpoint endpoint = SessionEndpoint.server(options, offer, scheduler, onOpen);
            endpoint.over(endPoint);
            return endpoint;
        };
        try (Blocker.Callback callback = Blocker.callback()) {
            if (!mappings.upgrade(WebSocketNegotiator.from(creator, handlers), over, coreResponse, callback, null)) {
                // UpgradeMatcher requires everything that Jetty requires.
                throw new IOException("Jetty declined a valid upgrade request");
            }
            callback.block();
        }
        Connection upgraded = (Connection) over.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE);
        if (upgraded == null) {
            throw new IOException("Jetty answered a valid upgrade request itself");
        }
        upgraded.addEventListener(openTunnels);
        over.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new LastingConnection(upgraded, endPoint));
    }

    /** A request on a {@link LastingEndPoint}. */
    private static final class OverRequest extends Request.Wrapper {
        private final Connection connection;

        OverRequest(Request request, Connection connection) {
            super(request);
            this.connection = connection;
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return new ConnectionMetaData.Wrapper(super.getConnectionMetaData()) {
                @Override
                public Connection getConnection() {
                    return connection;
                }
            };
        }
    }
}
