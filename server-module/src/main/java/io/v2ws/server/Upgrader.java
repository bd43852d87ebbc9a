package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.Scheduler;

/** Turns a valid upgrade request into a WebSocket stream. There is one for each {@link io.v2ws.WebSocketEngine}. */
interface Upgrader {

    /**
     * Upgrades. The response headers that do not belong to the handshake itself have been set.
     *
     * @param offer early data and half-close, as the request offers them
     * @param scheduler for the timers of the stream
     * @param onOpen receives the stream, after the filter chain has returned
     */
    void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen)
            throws IOException;

    /** Returns what the log calls the engine. */
    String name();

    /**
     * The filter stops: ends the connections of its tunnels.
     *
     * @param patience how long to wait at most for peers to end them
     */
    default void close(Duration patience) {}
}
