package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.FrameDeliveryCases;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** F5: what arrived before an end is delivered first, through the standalone server. */
class TunnelServerDeliveryTest {
    /** One server for each set of options, and one service. */
    private static final class Servers implements FrameDeliveryCases.Relays {
        private final boolean secure;
        private final ServerSocket upstream = new ServerSocket();
        private final Map<FrameOptions, TunnelServer> servers = new HashMap<>();

        Servers(boolean secure) throws IOException {
            this.secure = secure;
            upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            upstream.setSoTimeout(10_000);
        }

        /** One at a time: the next connection of the service is that of the peer that was opened last. */
        @Override
        public synchronized FrameRelayRules.Ends open(FrameOptions options) throws Exception {
            TunnelServer server = servers.get(options);
            if (server == null) {
                server = start(options);
                servers.put(options, server);
            }
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", server.port());
            RawWebSocketPeer peer =
                    secure ? TestCertificates.get().connect(address) : RawWebSocketPeer.connect(address);
            peer.upgrade("/tunnel");
            return new FrameRelayRules.Ends(peer, upstream.accept(), () -> {});
        }

        private TunnelServer start(FrameOptions options) throws Exception {
            WebSocketTransportOptions transport = WebSocketTransportOptions.builder()
                    .path("/tunnel")
                    .pingInterval(options.pingInterval())
                    .pongTimeout(options.pongTimeout())
                    .halfCloseLinger(options.linger())
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
        public void close() throws Exception {
            servers.values().forEach(TunnelServer::close);
            upstream.close();
        }
    }

    @Nested
    class Plain extends FrameDeliveryCases {
        @Override
        protected Relays newRelays() throws Exception {
            return new Servers(false);
        }

        @Override
        protected boolean runsOnJetty() {
            return false;
        }
    }

    @Nested
    class WithTls extends FrameDeliveryCases {
        @Override
        protected Relays newRelays() throws Exception {
            return new Servers(true);
        }

        @Override
        protected boolean runsOnJetty() {
            return false;
        }

        @Override
        protected boolean isSecure() {
            return true;
        }
    }
}
