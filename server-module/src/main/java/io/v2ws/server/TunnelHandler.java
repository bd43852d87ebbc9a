package io.v2ws.server;

import io.v2ws.WebSocketStream;

/**
 * Receives each tunnel that a {@link WebSocketUpgradeFilter} has accepted. {@link TcpForwarder} forwards tunnels to a
 * TCP service; applications write their own handlers.
 */
@FunctionalInterface
public interface TunnelHandler {

    /**
     * Receives an open tunnel. From now on the handler owns the stream and must end it, by {@code close} or {@code
     * abort}. Early data is the first chunk of the stream.
     *
     * <p>Called on a thread of the container, possibly for several tunnels at once. Do blocking work on a thread of
     * your own: the tunnel may carry nothing before this method returns. If it throws, the stream is aborted.
     *
     * @param stream never null
     * @param request what is known of the upgrade request, never null
     */
    void onTunnel(WebSocketStream stream, TunnelRequest request);
}
