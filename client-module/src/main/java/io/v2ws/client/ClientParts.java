package io.v2ws.client;

import io.v2ws.WebSocketEngine;
import io.v2ws.tcp.TcpConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the parts of a client and stops them in reverse order. A start that fails stops what had started. */
final class ClientParts {
    private static final Logger LOG = LoggerFactory.getLogger(ClientParts.class);

    private final ClientSettings settings;
    /** The part that started last comes first. */
    private final Deque<LifeCycle> started = new ArrayDeque<>();

    private final WarmConnections warmConnections;
    private final UpgradeSender upgrader;

    /**
     * Starts all parts.
     *
     * @throws IOException if the key material cannot be used
     */
    ClientParts(ClientSettings settings) throws IOException {
        this.settings = settings;
        this.warmConnections = settings.preconnect() == 0 ? null : new WarmConnections(settings);
        try {
            if (settings.ownsConnector()) {
                start(settings.connector());
            }
            this.upgrader = startUpgrader();
        } catch (Exception x) {
            stop(Duration.ZERO);
            throw x instanceof IOException io ? io : new IOException("cannot start the client: " + x.getMessage(), x);
        }
    }

    private void start(LifeCycle part) throws Exception {
        started.push(part);
        part.start();
    }

    private UpgradeSender startUpgrader() throws Exception {
        HttpClient http = JettyClients.newHttpClient(settings, warmConnections);
        start(http);
        JettyClients.removeHandlers(http);
        UpgradeSender direct = engineUpgrader(http);
        if (warmConnections == null) {
            return direct;
        }
        Request anyRequest = http.newRequest(settings.requestUri(""));
        warmConnections.connectTo((TunnelDestination) http.resolveDestination(anyRequest));
        start(warmConnections);
        return new WarmUpgradeSender(direct, warmConnections);
    }

    private UpgradeSender engineUpgrader(HttpClient http) throws Exception {
        if (settings.engine() == WebSocketEngine.DIRECT) {
            return new DirectUpgradeSender(http, settings);
        }
        WebSocketClient webSocket = new WebSocketClient(http);
        start(webSocket);
        return new JettyUpgradeSender(webSocket, settings);
    }

    /** Sends upgrade requests to the server. */
    UpgradeSender upgrader() {
        return upgrader;
    }

    /** How many warm connections could be used this moment. */
    int fitConnections() {
        return warmConnections == null ? 0 : warmConnections.fit();
    }

    /**
     * Stops all parts.
     *
     * @param patience how long to wait for the TCP connections of an own connector to end
     */
    void stop(Duration patience) {
        TcpConnector connector = settings.connector();
        if (started.contains(connector)) {
            await(connector.shutdown(), patience);
        }
        started.forEach(part -> {
            try {
                part.stop();
            } catch (Exception x) {
                LOG.warn("Cannot stop the client of {}", settings.name(), x);
            }
        });
    }

    /** Waits for the orderly end of connections, for so long at most. */
    static void await(CompletableFuture<Void> ended, Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException cut) {
            LOG.debug("Not all connections ended within {} ms, the others are cut", time.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
