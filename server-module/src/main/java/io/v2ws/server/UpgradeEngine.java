package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.Scheduler;

/** FairExecutor a request that was found good into a WebSocket. */
interface UpgradeEngine {

    /**
     * Upgrades; the headers of the answer that are not the handshake's own are set already.
     *
     * @param offer what the request brings for the stream
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

    /** The filter ends. */
    default void close() {}
}
