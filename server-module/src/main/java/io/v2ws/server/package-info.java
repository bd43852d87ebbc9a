/**
 * The server end: {@link io.v2ws.server.WebSocketUpgradeFilter} in a servlet context, a
 * {@link io.v2ws.server.TunnelHandler} behind it.
 */
package io.v2ws.server;
