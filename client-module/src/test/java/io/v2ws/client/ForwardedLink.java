package io.v2ws.client;

import io.v2ws.StreamUnderTest;
import io.v2ws.TcpConnector;
import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** A plain local program, our forwarder with its client, and a raw server. */
final class ForwardedLink {
    private ForwardedLink() {}

    /** Opens one with everything of its own; closing the forwarder checks that all buffers came back. */
    static FrameRelayRules.Ends open(WebSocketEngine engine, FrameOptions options) throws Exception {
        var pool = new ArrayByteBufferPool.Tracking();
        TcpConnector connector =
                new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
        connector.start();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(loopback, 0));
            server.setSoTimeout(10_000);
            WebSocketTransportClient client = WebSocketTransportClient.builder(
                            "ws://127.0.0.1:" + server.getLocalPort() + "/tunnel")
                    .options(StreamUnderTest.options(options))
                    .connector(connector)
                    .engine(engine)
                    .build();
            LocalForwarder forwarder = LocalForwarder.start(client, new InetSocketAddress(loopback, 0));
            Socket tcp = new Socket(loopback, forwarder.localAddress().getPort());
            RawWebSocketPeer peer = RawWebSocketPeer.accept(server.accept());
            peer.acceptUpgrade();
            return new FrameRelayRules.Ends(peer, tcp, () -> {
                LeakCheck.assertNoLeakedBuffers(pool);
                forwarder.close();
                client.close();
                connector.stop();
            });
        }
    }
}
