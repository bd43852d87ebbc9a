package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F6: a client that is closed while its streams are ending. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ClosingClientTest {
    @ParameterizedTest
    @CsvSource({"DIRECT, 0", "DIRECT, 2048", "JETTY, 0", "JETTY, 2048"})
    void aTunnelOfAClientThatIsClosedFailsByThat(WebSocketEngine engine, int maxEarlyData) throws Exception {
        WebSocketTransportClient client = WebSocketTransportClient.builder("ws://127.0.0.1:9/tunnel")
                .options(WebSocketTransportOptions.builder()
                        .maxEarlyData(maxEarlyData)
                        .build())
                .engine(engine)
                .build();
        client.close();
        assertThatThrownBy(() -> client.connect().get().asOutputStream().write('x'))
                .hasMessageEndingWith("the client is closed");
    }

    @Test
    void f6_theStreamsThatAreBeingClosedFinishFirst() throws Exception {
        byte[] payload = Bytes.random(3, 16 << 20);
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReceiveBufferSize(8192);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            WebSocketTransportClient client = WebSocketTransportClient.builder(
                            "ws://127.0.0.1:" + listener.getLocalPort() + "/tunnel")
                    .options(WebSocketTransportOptions.defaults())
                    .build();
            CompletableFuture<WebSocketStream> opening = client.connect();
            try (RawWebSocketPeer peer = RawWebSocketPeer.accept(listener.accept())) {
                peer.acceptUpgrade();
                WebSocketStream stream = opening.get(10, TimeUnit.SECONDS);
                Callback.Completable written = new Callback.Completable();
                stream.write(false, ByteBuffer.wrap(payload), written);
                stream.close();
                assertThat(written).isNotDone();
                CompletableFuture<Void> closed = Background.run(client::close);
                assertThat(peer.readBinary(payload.length)).isEqualTo(payload);
                peer.expectClose(1000);
                peer.sendClose(1000, "");
                closed.get(10, TimeUnit.SECONDS);
                written.get(10, TimeUnit.SECONDS);
                assertThat(stream.closed().get(10, TimeUnit.SECONDS).failure()).isNull();
            }
        }
    }

    @Test
    void f5_localConnectionsGetWhatHadArrivedForThemAndThenAReset() throws Exception {
        byte[] payload = Bytes.random(4, 128 * 1024);
        try (PeerServer server = new PeerServer();
                Socket local = new Socket()) {
            WebSocketTransportClient client = WebSocketTransportClient.builder(server.url())
                    .options(ClientFixture.options()
                            .resetDelay(Duration.ofSeconds(3))
                            .build())
                    .build();
            LocalForwarder forwarder = LocalForwarder.start(client, ForwarderFixture.anyPort());
            local.setReceiveBufferSize(8192);
            local.setSoTimeout(10_000);
            local.connect(forwarder.localAddress());
            RawWebSocketPeer peer = server.acceptUpgrade().peer();
            peer.sendBinary(payload);
            // The pong says that all of it is on its way to the local connection.
            peer.send(peer.frame(FrameBytes.PING));
            peer.expectFrame(FrameBytes.PONG);
            forwarder.close();
            CompletableFuture<Void> closed = Background.run(client::close);
            peer.expectClose(1001);
            peer.sendClose(1001, "");
            assertThatThrownBy(() -> closed.get(1, TimeUnit.SECONDS))
                    .as("the client is closed before the local connection has read what arrived for it")
                    .isInstanceOf(TimeoutException.class);
            assertThat(local.getInputStream().readNBytes(payload.length)).isEqualTo(payload);
            assertThatThrownBy(() -> local.getInputStream().read()).isInstanceOf(SocketException.class);
            closed.get(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void f6_aReaderThatThrowsDoesNotKeepTheClientFromEndingTheOthers(boolean begun) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WebSocketTransportClient client = WebSocketTransportClient.builder(
                            "ws://127.0.0.1:" + listener.getLocalPort() + "/tunnel")
                    .options(WebSocketTransportOptions.builder()
                            .maxEarlyData(2048)
                            .build())
                    .build();
            // Waits for its first write; a set decides which of the two is ended first.
            WebSocketStream waiting = client.connect().get();
            waiting.demand(ClosingClientTest::throwOne);
            WebSocketStream stream = client.connect().get();
            if (!begun) {
                stream.demand(ClosingClientTest::throwOne);
                client.close();
            } else {
                Callback.Completable written = new Callback.Completable();
                stream.write(false, ByteBuffer.wrap(new byte[] {1}), written);
                try (RawWebSocketPeer peer = RawWebSocketPeer.accept(listener.accept())) {
                    peer.acceptUpgrade();
                    written.get(10, TimeUnit.SECONDS);
                    stream.demand(ClosingClientTest::throwOne);
                    CompletableFuture<Void> closed = Background.run(client::close);
                    peer.expectClose(1001);
                    peer.close();
                    closed.get(10, TimeUnit.SECONDS);
                }
            }
            assertThat(stream.closed().get(10, TimeUnit.SECONDS).failure()).hasMessageContaining("client is closed");
            assertThat(waiting.closed().get(10, TimeUnit.SECONDS).failure()).hasMessageContaining("client is closed");
        }
    }

    private static void throwOne() {
        throw new RejectedExecutionException("the executor of the application is stopped");
    }
}
