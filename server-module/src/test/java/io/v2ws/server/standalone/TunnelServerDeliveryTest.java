package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.DeliveryCases;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** F5: what arrived before an end is delivered first, through the standalone server. */
@ParameterizedClass(name = "TLS: {0}")
@ValueSource(booleans = {false, true})
class TunnelServerDeliveryTest extends DeliveryCases {
    /** One server for each ping interval, and one service. */
    private static final class Servers implements Relays {
        private final boolean secure;
        private final ServerSocket upstream = new ServerSocket();
        private final Map<Duration, TunnelServer> servers = new HashMap<>();

        Servers(boolean secure) throws IOException {
            this.secure = secure;
            upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            upstream.setSoTimeout(10_000);
        }

        /** One at a time: the next connection of the service is that of the peer that was opened last. */
        @Override
        public synchronized RelayEnds open(Duration pingInterval) throws Exception {
            TunnelServer server = servers.get(pingInterval);
            if (server == null) {
                server = start(pingInterval);
                servers.put(pingInterval, server);
            }
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", server.port());
            RawWebSocketPeer peer =
                    secure ? TestCertificates.get().connect(address) : RawWebSocketPeer.connect(address);
            peer.upgrade("/tunnel");
            return new RelayEnds(peer, upstream.accept());
        }

        private TunnelServer start(Duration pingInterval) throws Exception {
            WebSocketTransportOptions transport = WebSocketTransportOptions.builder()
                    .path("/tunnel")
                    .pingInterval(pingInterval)
                    .pongTimeout(PONG_TIMEOUT)
                    .halfCloseLinger(LINGER)
                    .build();
            TunnelServer.Builder server = TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                    .tunnel(Tunnel.forward(transport, new HostAndPort("127.0.0.1", upstream.getLocalPort())));
            if (secure) {
                TestCertificates.Identity identity = TestCertificates.get().server();
                server.tls(identity.certificatePem(), identity.keyPem());
            }
            return server.start();
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public void close() throws Exception {
            servers.values().forEach(TunnelServer::close);
            upstream.close();
        }
    }

    @Parameter
    boolean secure;

    @BeforeParameterizedClassInvocation
    final void startServers() throws Exception {
        start(new Servers(secure));
    }

    @AfterParameterizedClassInvocation
    final void closeServers() throws Exception {
        close();
    }
}
