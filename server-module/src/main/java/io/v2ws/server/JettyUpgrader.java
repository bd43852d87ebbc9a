package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.SessionEndpoint;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.util.thread.Scheduler;

/** Upgrades for {@link io.v2ws.WebSocketEngine#JETTY}: through Jetty's WebSocket container, which a WAR can use too. */
final class JettyUpgrader implements Upgrader {
    static final String NAME = "Jetty's WebSocket engine";

    private final JettyWebSocketServerContainer container;

    JettyUpgrader(ServletContext context) throws ServletException {
        this.container = JettyWebSocketServerContainer.getContainer(context);
        if (container == null) {
            throw new ServletException("Jetty's WebSocket container is missing: in a WAR, enable the server module"
                    + " ee11-websocket-jetty; embedded, call"
                    + " JettyWebSocketServletContainerInitializer.configure(context, null) before the start");
        }
    }

    @Override
    public String name() {
        return NAME;
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
        boolean answered = container.upgrade(
                (upgradeRequest, upgradeResponse) -> {
                    // No compression (S14): tunnels mostly carry compressed or encrypted data.
                    upgradeResponse.setExtensions(List.of());
                    return SessionEndpoint.server(options, offer, scheduler, onOpen);
                },
                new EngineRequest(request),
                response);
        if (!answered) {
            // UpgradeMatcher requires everything that Jetty requires.
            throw new IOException("Jetty declined a valid upgrade request");
        }
    }
}
