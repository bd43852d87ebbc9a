package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.config.ServeConfig;
import io.v2ws.internal.tls.PemFiles;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** F5: what arrived before an end is delivered first, through the server of {@code serve}. */
@ParameterizedClass(name = "TLS: {0}")
@ValueSource(booleans = {false, true})
class ServeDeliveryTest extends DeliveryCases {
    private static final Duration LONG = Duration.ofSeconds(10);

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
            return TunnelServer.start(new TunnelServer.Settings(
                    new HostAndPort("127.0.0.1", 0),
                    secure ? tls(TestCertificates.get().server()) : null,
                    List.of(new ServeConfig.Tunnel(
                            transport,
                            Optional.of(new HostAndPort("127.0.0.1", upstream.getLocalPort())),
                            List.of(),
                            List.of())),
                    WebSocketEngine.DIRECT,
                    LONG,
                    LONG));
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

    private static ServerTls tls(TestCertificates.Identity identity) throws Exception {
        return new ServerTls(PemFiles.keyStore(identity.certificatePem(), identity.keyPem()), null);
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
