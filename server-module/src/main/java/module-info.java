/** The servlet filter that takes tunnels, and what forwards them. */
module io.v2ws.server {
    requires transitive io.v2ws.common;
    requires transitive jakarta.servlet;
    requires static org.eclipse.jetty.ee11.servlet;
    requires static org.eclipse.jetty.ee11.websocket.jetty.server;
    requires static org.eclipse.jetty.server;
    requires org.slf4j;

    exports io.v2ws.server;
}
