package io.v2ws.conformance;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.TunnelServerConnector;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.TestCertificates;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Raw clients, an application's Jetty with our filter and forwarder, and plain TCP services; one Jetty for each set of
 * options.
 */
final class ServerRelays extends Relays {
    private final Map<WebSocketTransportOptions, EmbeddedJetty> jetties = new HashMap<>();

    private final ServerTlsLayer tls;

    ServerRelays(WebSocketEngine engine, ServerTlsLayer tls) throws Exception {
        super(engine, tls != ServerTlsLayer.NONE);
        this.tls = tls;
    }

    /** One at a time: the next connection of the service is that of the peer that was opened last. */
    @Override
    synchronized RelayEnds open(WebSocketTransportOptions options) throws Exception {
        InetSocketAddress address =
                jetties.computeIfAbsent(options, this::start).address();
        RawWebSocketPeer peer = secure ? TestCertificates.get().connect(address) : RawWebSocketPeer.connect(address);
        peer.upgrade(Rig.PATH);
        return new RelayEnds(peer, listener.accept());
    }

    private EmbeddedJetty start(WebSocketTransportOptions options) {
        var target = new HostAndPort("127.0.0.1", listener.getLocalPort());
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(options, new TcpForwarder(connector, target, options))
                        .engine(engine)
                        .build());
        if (secure) {
            builder.tls(TestCertificates.get().server().keyStore(), TestCertificates.PASSWORD);
        }
        if (tls == ServerTlsLayer.V2WS) {
            builder.tlsConnector(TunnelServerConnector::new);
        }
        return builder.start();
    }

    @Override
    public boolean losesUnreadInput() {
        return tls == ServerTlsLayer.JETTY;
    }

    @Override
    public void close() throws Exception {
        jetties.values().forEach(jetty -> LeakCheck.assertNoLeakedBuffers(jetty.bufferPool()));
        LeakCheck.assertNoLeakedBuffers(pool);
        jetties.values().forEach(EmbeddedJetty::close);
        super.close();
    }
}
