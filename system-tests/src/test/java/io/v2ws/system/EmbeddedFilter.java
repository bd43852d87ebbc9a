package io.v2ws.system;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;

/** An application that has the filter in its own Jetty, as the README shows. */
final class EmbeddedFilter {
    private EmbeddedFilter() {}

    /** Takes engine, mode and the port of the service; runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        EarlyDataMode mode = EarlyDataMode.valueOf(arguments[1]);
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path(Link.PATH)
                .maxEarlyData(mode.maxEarlyData())
                .earlyDataHeaderName(mode.headerName())
                .pingInterval(V2ws.PING_INTERVAL)
                .pongTimeout(V2ws.PONG_TIMEOUT)
                .halfCloseLinger(V2ws.LINGER)
                .build();
        TcpConnector connector = new TcpConnector();
        connector.start();
        HostAndPort service = new HostAndPort("127.0.0.1", Integer.parseInt(arguments[2]));
        EmbeddedJetty jetty = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(options, new TcpForwarder(connector, service, options))
                        .engine(WebSocketEngine.valueOf(arguments[0]))
                        .build())
                .start();
        System.out.println("listening on 127.0.0.1:" + jetty.port());
    }
}
