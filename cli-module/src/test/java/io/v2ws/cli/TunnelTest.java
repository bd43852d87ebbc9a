package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real bytes the whole way: TCP, forwarder, WebSocket with early data, filter, TCP, and back. */
@ExtendWith(LeakCheck.class)
class TunnelTest {
    private static final int MEGABYTES = 100;

    @ParameterizedTest(name = "maxEarlyData={0} header={1}")
    @CsvSource({"0,''", "2048,''", "2048,Sec-WebSocket-Protocol"})
    void everyByteArrivesBothWaysInEveryMode(int maxEarlyData, String header) throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(maxEarlyData)
                .earlyDataHeaderName(header)
                .build();
        var pool = new ArrayByteBufferPool.Tracking();
        TcpConnector connector =
                new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
        connector.start();
        try (EchoUpstream echo = EchoUpstream.echo();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .filter(WebSocketUpgradeFilter.builder(
                                        options,
                                        new TcpForwarder(connector, new HostAndPort("127.0.0.1", echo.port()), options))
                                .build())
                        .start();
                WebSocketTransportClient client = WebSocketTransportClient.builder(
                                "ws://127.0.0.1:" + jetty.port() + "/tunnel")
                        .options(options)
                        .connector(connector)
                        .build();
                LocalForwarder forwarder =
                        LocalForwarder.start(client, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertEchoed(forwarder.localAddress());
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
            LeakCheck.assertNoLeakedBuffers(pool);
        } finally {
            connector.stop();
        }
    }

    private static void assertEchoed(InetSocketAddress address) throws Exception {
        long length = MEGABYTES * 1024L * 1024;
        String expected = Bytes.sha256(Bytes.randomStream(42, length));
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            CompletableFuture<Void> writer = Background.run(() -> {
                Bytes.randomStream(42, length).transferTo(socket.getOutputStream());
                socket.shutdownOutput();
            });
            InputStream in = socket.getInputStream();
            assertThat(Bytes.sha256(in)).isEqualTo(expected);
            writer.get();
        }
    }
}
