package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.internal.websocket.StreamUnderTest;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameDeliveryCases;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
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
final class ForwardedLinks implements FrameDeliveryCases.Relays {
    private final WebSocketEngine engine;
    private final boolean secure;
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final TcpConnector connector =
            new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
    private final ServerSocket upstream = new ServerSocket();
    private final Map<FrameOptions, EmbeddedJetty> jetties = new HashMap<>();

    /**
     * Makes it.
     *
     * @param secure whether the server speaks TLS, by Jetty's own layer
     */
    ForwardedLinks(WebSocketEngine engine, boolean secure) throws Exception {
        this.engine = engine;
        this.secure = secure;
        connector.start();
        upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        upstream.setSoTimeout(10_000);
    }

    /** One at a time: the next connection of the service is that of the peer that was opened last. */
    @Override
    public synchronized FrameRelayRules.Ends open(FrameOptions options) throws Exception {
        InetSocketAddress address =
                jetties.computeIfAbsent(options, this::start).address();
        RawWebSocketPeer peer = secure ? TestCertificates.get().connect(address) : RawWebSocketPeer.connect(address);
        peer.upgrade("/tunnel");
        return new FrameRelayRules.Ends(peer, upstream.accept(), () -> {});
    }

    private EmbeddedJetty start(FrameOptions options) {
        var transport = StreamUnderTest.options(options);
        var target = new HostAndPort("127.0.0.1", upstream.getLocalPort());
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(transport, new TcpForwarder(connector, target, transport))
                        .engine(engine)
                        .build());
        if (secure) {
            builder.tls(TestCertificates.get().server().keyStore(), TestCertificates.PASSWORD);
        }
        return builder.start();
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
