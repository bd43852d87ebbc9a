package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * A Jetty with one filter in path mode at {@code /tunnel} and a {@link TcpForwarder} behind it. Closing it checks
 * that all buffers came back, on either side.
 */
final class ForwardingServer implements AutoCloseable {
    static final String PATH = "/tunnel";

    private final ArrayByteBufferPool.Tracking tcpBuffers = new ArrayByteBufferPool.Tracking();
    private final TcpConnector connector;
    private final EmbeddedJetty jetty;

    private ForwardingServer(HostAndPort upstream, WebSocketTransportOptions options, Duration connectTimeout)
            throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("forwarder");
        connector = new TcpConnector(threads, new ScheduledExecutorScheduler("forwarder-timer", true), tcpBuffers);
        connector.start();
        jetty = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(
                                options, new TcpForwarder(connector, upstream, options, connectTimeout))
                        .build())
                .start();
    }

    /** Options in path mode, to be changed further. */
    static WebSocketTransportOptions.Builder options() {
        return WebSocketTransportOptions.builder().path(PATH).maxEarlyData(2_048);
    }

    static ForwardingServer to(int port) throws Exception {
        return to(port, options().build());
    }

    static ForwardingServer to(int port, WebSocketTransportOptions options) throws Exception {
        return to(new HostAndPort("127.0.0.1", port), options, TcpForwarder.DEFAULT_CONNECT_TIMEOUT);
    }

    static ForwardingServer to(HostAndPort upstream, Duration connectTimeout) throws Exception {
        return to(upstream, options().build(), connectTimeout);
    }

    static ForwardingServer to(HostAndPort upstream, WebSocketTransportOptions options, Duration connectTimeout)
            throws Exception {
        return new ForwardingServer(upstream, options, connectTimeout);
    }

    /** Connects and upgrades, sending the frames in the same segment as the request. */
    RawWebSocketPeer open(byte[]... behind) throws IOException {
        return open(PATH, behind);
    }

    RawWebSocketPeer open(String target, byte[]... behind) throws IOException {
        RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port());
        peer.upgrade(RawHandshake.to(target), behind);
        return peer;
    }

    /** As {@link #open}, as a v2ws client does it: half-close announced, and the server's announcement awaited. */
    RawWebSocketPeer openWithHalfClose() throws IOException {
        RawWebSocketPeer peer = open(emptyText());
        peer.expectEmptyText();
        return peer;
    }

    static byte[] emptyText() {
        return FrameBytes.text("").masked().bytes();
    }

    @Override
    public void close() throws Exception {
        try {
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
            LeakCheck.assertNoLeakedBuffers(tcpBuffers);
        } finally {
            jetty.close();
            connector.stop();
        }
    }
}
