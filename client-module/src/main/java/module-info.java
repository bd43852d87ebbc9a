/** The client: tunnels as streams and as sockets. */
module io.v2ws.client {
    requires transitive io.v2ws.common;
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.websocket.client;
    requires org.eclipse.jetty.websocket.core.common;
    requires org.slf4j;

    exports io.v2ws.client;
    exports io.v2ws.client.socket;
}
