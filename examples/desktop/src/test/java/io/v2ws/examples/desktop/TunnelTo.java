package io.v2ws.examples.desktop;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.server.standalone.Tunnel;
import io.v2ws.server.standalone.TunnelServer;
import java.io.IOException;
import java.time.Duration;

/** A server with a tunnel to a service of this machine. */
final class TunnelTo implements AutoCloseable {
    private static final WebSocketTransportOptions OPTIONS = WebSocketTransportOptions.builder()
            .path("/tunnel")
            .maxEarlyData(2048)
            // HTTP clients keep connections open, which the close of a client would wait for.
            .resetDelay(Duration.ZERO)
            .build();

    private final TunnelServer server;

    TunnelTo(int servicePort) throws IOException {
        server = TunnelServer.builder(HostAndPort.parse("127.0.0.1:0"))
                .tunnel(Tunnel.forward(OPTIONS, HostAndPort.parse("127.0.0.1:" + servicePort)))
                .start();
    }

    String url() {
        return "ws://127.0.0.1:" + server.port() + "/tunnel";
    }

    /** Starts a client; with early data, since this is what makes a difference to protocols. */
    WebSocketTransportClient client() throws IOException {
        return WebSocketTransportClient.builder(url()).options(OPTIONS).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
