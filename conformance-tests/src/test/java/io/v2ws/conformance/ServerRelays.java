package io.v2ws.conformance;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** Raw clients, our server with its forwarder, and plain TCP services; one Jetty for each set of options. */
final class ServerRelays implements Relays {
    private final WebSocketEngine engine;
    private final boolean secure;
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final TcpConnector connector =
            new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
    private final ServerSocket upstream = new ServerSocket();
    private final Map<WebSocketTransportOptions, EmbeddedJetty> jetties = new HashMap<>();

    /**
     * Starts what all relays share.
     *
     * @param secure whether the server speaks TLS, by Jetty's own layer
     */
    ServerRelays(WebSocketEngine engine, boolean secure) throws Exception {
        this.engine = engine;
        this.secure = secure;
        connector.start();
        upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        upstream.setSoTimeout(10_000);
    }

    /** One at a time: the next connection of the service is that of the peer that was opened last. */
    @Override
    public synchronized RelayEnds open(WebSocketTransportOptions options) throws Exception {
        InetSocketAddress address =
                jetties.computeIfAbsent(options, this::start).address();
        RawWebSocketPeer peer = secure ? TestCertificates.get().connect(address) : RawWebSocketPeer.connect(address);
        peer.upgrade(Rig.PATH);
        return new RelayEnds(peer, upstream.accept());
    }

    private EmbeddedJetty start(WebSocketTransportOptions options) {
        var target = new HostAndPort("127.0.0.1", upstream.getLocalPort());
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(options, new TcpForwarder(connector, target, options))
                        .engine(engine)
                        .build());
        if (secure) {
            builder.tls(TestCertificates.get().server().keyStore(), TestCertificates.PASSWORD);
        }
        return builder.start();
    }

    @Override
    public boolean runsOnJetty() {
        return engine == WebSocketEngine.JETTY;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public boolean runsOnJettysTls() {
        return secure;
    }

    @Override
    public void close() throws Exception {
        jetties.values().forEach(jetty -> LeakCheck.assertNoLeakedBuffers(jetty.bufferPool()));
        LeakCheck.assertNoLeakedBuffers(pool);
        jetties.values().forEach(EmbeddedJetty::close);
        connector.stop();
        upstream.close();
    }
}
