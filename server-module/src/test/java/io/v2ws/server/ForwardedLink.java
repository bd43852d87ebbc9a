package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.StreamUnderTest;
import io.v2ws.TcpConnector;
import io.v2ws.WebSocketEngine;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** A raw client, our server with its forwarder, and a plain TCP service. */
final class ForwardedLink {
    private ForwardedLink() {}

    /** Opens one with everything of its own; closing the forwarder checks that all buffers came back. */
    static FrameRelayRules.Ends open(WebSocketEngine engine, FrameOptions options) throws Exception {
        var pool = new ArrayByteBufferPool.Tracking();
        TcpConnector connector =
                new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
        connector.start();
        try (ServerSocket upstream = new ServerSocket()) {
            upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            upstream.setSoTimeout(10_000);
            var transport = StreamUnderTest.options(options);
            var target = new HostAndPort("127.0.0.1", upstream.getLocalPort());
            EmbeddedJetty jetty = EmbeddedJetty.builder()
                    .filter(WebSocketUpgradeFilter.builder(transport, new TcpForwarder(connector, target, transport))
                            .engine(engine)
                            .build())
                    .start();
            RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.address());
            peer.upgrade("/tunnel");
            return new FrameRelayRules.Ends(peer, upstream.accept(), () -> {
                LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
                LeakCheck.assertNoLeakedBuffers(pool);
                jetty.close();
                connector.stop();
            });
        }
    }
}
