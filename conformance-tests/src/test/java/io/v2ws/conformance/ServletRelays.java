package io.v2ws.conformance;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.TestCertificates;
import java.util.HashMap;
import java.util.Map;

/**
 * Raw clients, a servlet container with our filter and forwarder, and plain TCP services; one container for each set of
 * options.
 */
final class ServletRelays extends Relays {
    private final ServletServer.Container container;
    private final Map<WebSocketTransportOptions, ServletServer> servers = new HashMap<>();

    ServletRelays(ServletServer.Container container, boolean tls) throws Exception {
        super(WebSocketEngine.SERVLET, tls);
        this.container = container;
    }

    /** One at a time: the next connection of the service is that of the peer that was opened last. */
    @Override
    synchronized RelayEnds open(WebSocketTransportOptions options) throws Exception {
        ServletServer server = servers.computeIfAbsent(options, this::start);
        RawWebSocketPeer peer =
                secure ? TestCertificates.get().connect(server.address()) : RawWebSocketPeer.connect(server.address());
        peer.upgrade(Rig.PATH);
        return new RelayEnds(peer, listener.accept());
    }

    private ServletServer start(WebSocketTransportOptions options) {
        var target = new HostAndPort("127.0.0.1", listener.getLocalPort());
        WebSocketUpgradeFilter filter = WebSocketUpgradeFilter.builder(
                        options, new TcpForwarder(connector, target, options))
                .engine(engine)
                .build();
        return secure
                ? ServletServer.EmbeddedTomcat.start(
                        filter, TestCertificates.get().server())
                : container.start(filter);
    }

    @Override
    public boolean losesUnreadInput() {
        return container == ServletServer.Container.UNDERTOW;
    }

    @Override
    public boolean canReset() {
        return container != ServletServer.Container.UNDERTOW;
    }

    @Override
    public void close() throws Exception {
        LeakCheck.assertNoLeakedBuffers(pool);
        servers.values().forEach(ServletServer::close);
        super.close();
    }
}
