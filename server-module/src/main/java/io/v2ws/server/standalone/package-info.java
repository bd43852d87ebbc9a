/**
 * A server for tunnels alone, without an application around it: {@link io.v2ws.server.standalone.TunnelServer}.
 *
 * <p>Needs Jetty's {@code jetty-server} and {@code jetty-ee11-servlet} at run time, and
 * {@code jetty-ee11-websocket-jetty-server} for {@link io.v2ws.WebSocketEngine#JETTY}. v2ws does not bring them.
 */
package io.v2ws.server.standalone;
