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

/** Raw clients, Tomcat with our filter and forwarder, and plain TCP services; one Tomcat for each set of options. */
final class TomcatRelays extends Relays {
    private final Map<WebSocketTransportOptions, ServletServer> tomcats = new HashMap<>();

    TomcatRelays(boolean tls) throws Exception {
        super(WebSocketEngine.SERVLET, tls);
    }

    /** One at a time: the next connection of the service is that of the peer that was opened last. */
    @Override
    synchronized RelayEnds open(WebSocketTransportOptions options) throws Exception {
        ServletServer tomcat = tomcats.computeIfAbsent(options, this::start);
        RawWebSocketPeer peer =
                secure ? TestCertificates.get().connect(tomcat.address()) : RawWebSocketPeer.connect(tomcat.address());
        peer.upgrade(Rig.PATH);
        return new RelayEnds(peer, listener.accept());
    }

    private ServletServer start(WebSocketTransportOptions options) {
        var target = new HostAndPort("127.0.0.1", listener.getLocalPort());
        WebSocketUpgradeFilter filter = WebSocketUpgradeFilter.builder(
                        options, new TcpForwarder(connector, target, options))
                .engine(engine)
                .build();
        return ServletServer.EmbeddedTomcat.start(
                filter, secure ? TestCertificates.get().server() : null);
    }

    @Override
    public void close() throws Exception {
        LeakCheck.assertNoLeakedBuffers(pool);
        tomcats.values().forEach(ServletServer::close);
        super.close();
    }
}
