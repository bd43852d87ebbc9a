/** The servlet filter that accepts tunnels, handlers for its tunnels, and a server of its own around it. */
module io.v2ws.server {
    requires transitive io.v2ws.common;
    requires transitive jakarta.servlet;
    requires static org.eclipse.jetty.ee11.servlet;
    requires static org.eclipse.jetty.ee11.websocket.jetty.server;
    requires static transitive org.eclipse.jetty.server;
    requires static org.eclipse.jetty.websocket.core.common;
    requires static org.eclipse.jetty.websocket.core.server;
    requires org.slf4j;

    uses io.v2ws.server.TunnelFile;

    exports io.v2ws.server;
    exports io.v2ws.server.standalone;
}
