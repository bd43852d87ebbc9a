/**
 * The server end. {@link io.v2ws.server.WebSocketUpgradeFilter} accepts tunnels in a servlet context, and a {@link
 * io.v2ws.server.TunnelHandler} receives their streams. {@code io.v2ws.server.standalone} has a server without an
 * application around it.
 */
package io.v2ws.server;
