/** Streams over WebSocket and TCP, their options and the early-data codec. */
module io.v2ws.common {
    requires transitive org.eclipse.jetty.io;
    requires static jdk.net;
    requires org.eclipse.jetty.websocket.api;
    requires org.slf4j;

    exports io.v2ws;
    exports io.v2ws.relay;
    exports io.v2ws.tcp;
    exports io.v2ws.internal.io to
            io.v2ws.cli,
            io.v2ws.client,
            io.v2ws.server;
    exports io.v2ws.internal.net to
            io.v2ws.cli,
            io.v2ws.client,
            io.v2ws.config,
            io.v2ws.server;
    exports io.v2ws.internal.tls to
            io.v2ws.cli,
            io.v2ws.client,
            io.v2ws.config,
            io.v2ws.server;
    exports io.v2ws.internal.websocket to
            io.v2ws.cli,
            io.v2ws.client,
            io.v2ws.server;
}
