package io.v2ws.server;

import io.v2ws.WebSocketStream;

/**
 * Receives each tunnel that a {@link WebSocketUpgradeFilter} accepted. {@link TcpForwarder} is one; an application writes
 * its own.
 */
@FunctionalInterface
public interface TunnelHandler {

    /**
     * A tunnel is open. The stream is the handler's from now on: it must end it, by {@code close} or {@code abort}. Early
     * data is simply the first chunk.
     *
     * <p>Called on a Jetty thread: hand blocking work to a thread of your own. An exception aborts the stream.
     *
     * @param stream never null
     * @param request what is known of the request, never null
     */
    void onTunnel(WebSocketStream stream, TunnelRequest request);
}
