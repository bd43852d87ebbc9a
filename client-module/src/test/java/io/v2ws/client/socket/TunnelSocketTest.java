package io.v2ws.client.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.HandshakeException;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sockets of {@link TunnelSocketFactory}, against a server of hand-written bytes. */
@ExtendWith(LeakCheck.class)
class TunnelSocketTest {
    private static final WebSocketTransportOptions OPTIONS = WebSocketTransportOptions.defaults();

    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final BlockingQueue<RawWebSocketPeer> peers = new LinkedBlockingQueue<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private TcpConnector connector;
    private SocketServer server;
    private WebSocketTransportClient client;
    private TunnelSocketFactory factory;

    @BeforeEach
    void start() throws Exception {
        connector = new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test", true), pool);
        connector.start();
        server = new SocketServer("ws-server", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.acceptUpgrade();
            peers.add(peer);
            try {
                finished.await();
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            }
        });
        client = client(OPTIONS);
        factory = new TunnelSocketFactory(client);
    }

    private WebSocketTransportClient client(WebSocketTransportOptions options) throws IOException {
        return WebSocketTransportClient.builder("ws://127.0.0.1:" + server.port() + "/t")
                .options(options)
                .connector(connector)
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        finished.countDown();
        server.close();
        LeakCheck.assertNoLeakedBuffers(pool);
        connector.stop();
    }

    private RawWebSocketPeer peer() throws InterruptedException {
        RawWebSocketPeer peer = peers.poll(10, TimeUnit.SECONDS);
        assertThat(peer).as("the server saw an upgrade").isNotNull();
        return peer;
    }

    @Test
    void streamsCarryBytesBothWays() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 5432)) {
            RawWebSocketPeer peer = peer();
            socket.getOutputStream().write(Bytes.utf8("question"));
            assertThat(peer.readBinary(8)).isEqualTo(Bytes.utf8("question"));
            peer.sendBinary(Bytes.utf8("ans"));
            peer.sendBinary(Bytes.utf8("wer"));
            assertThat(socket.getInputStream().readNBytes(6)).isEqualTo(Bytes.utf8("answer"));
        }
    }

    @Test
    void shutdownInputReleasesABlockedReaderAndDropsWhatComes() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 5432)) {
            RawWebSocketPeer peer = peer();
            InputStream in = socket.getInputStream();
            CompletableFuture<Integer> read = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    read.complete(in.read());
                } catch (IOException x) {
                    read.completeExceptionally(x);
                }
            });
            reader.start();
            await().until(() -> reader.getState() == Thread.State.WAITING);
            socket.shutdownInput();
            assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
            reader.join();
            // More than any buffer holds.
            for (int i = 0; i < 32; i++) {
                peer.sendBinary(new byte[1 << 20]);
            }
            peer.sendPing((byte) 3);
            peer.expectFrame(FrameBytes.PONG);
            assertThat(in.read()).isEqualTo(-1);
            socket.getOutputStream().write(7);
            assertThat(peer.readBinary(1)).containsExactly(7);
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void shutdownInputDropsWhatWasNotRead() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 5432)) {
            RawWebSocketPeer peer = peer();
            InputStream in = socket.getInputStream();
            peer.sendBinary((byte) 1, (byte) 2);
            assertThat(in.read()).isEqualTo(1);
            socket.shutdownInput();
            assertThat(in.read()).isEqualTo(-1);
            socket.shutdownInput();
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @RepeatedTest(20)
    void shutdownInputAtTheMomentBytesArriveDropsThem() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 5432)) {
            RawWebSocketPeer peer = peer();
            CompletableFuture<Void> sending = Background.run(() -> {
                for (int i = 0; i < 50; i++) {
                    peer.sendBinary((byte) i);
                }
            });
            assertThat(socket.getInputStream().read()).isZero();
            socket.shutdownInput();
            sending.get(10, TimeUnit.SECONDS);
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void theAddressIsKeptButNeverLookedUp() throws Exception {
        try (Socket socket = factory.createSocket("db.invalid", 5432)) {
            assertThat(socket.getRemoteSocketAddress())
                    .isEqualTo(InetSocketAddress.createUnresolved("db.invalid", 5432));
            assertThat(socket.getPort()).isEqualTo(5432);
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.getLocalPort()).isPositive();
        }
    }

    @Test
    void aReadThatTimedOutCanBeTriedAgain() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 1)) {
            RawWebSocketPeer peer = peer();
            socket.setSoTimeout(50);
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::read)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("50 ms");
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(0);
            peer.sendBinary((byte) 7);
            assertThat(in.read()).isEqualTo(7);
        }
    }

    @Test
    void shutdownOutputIsAHalfCloseThatTheServerSees() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 1)) {
            RawWebSocketPeer peer = peer();
            peer.sendText("");
            socket.getOutputStream().write(1);
            socket.shutdownOutput();
            // The server's answer is only read when somebody reads.
            CompletableFuture<byte[]> read = Background.supply(() -> readAll(socket));
            assertThat(peer.expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
            assertThat(peer.expectFrame(FrameBytes.TEXT).payload()).isEmpty();
            peer.sendBinary((byte) 2);
            peer.sendText("");
            assertThat(read.get(10, TimeUnit.SECONDS)).containsExactly(2);
            assertThatThrownBy(() -> socket.getOutputStream()).isInstanceOf(SocketException.class);
        }
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException x) {
            throw new java.io.UncheckedIOException(x);
        }
    }

    @Test
    void closeSendsWhatWasWrittenAndThenAClose() throws Exception {
        Socket socket = factory.createSocket("db.example", 1);
        RawWebSocketPeer peer = peer();
        socket.getOutputStream().write(Bytes.utf8("bye"));
        socket.close();
        assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("bye"));
        peer.expectClose(1000);
        assertThatThrownBy(socket::getInputStream).hasMessage("Socket is closed");
    }

    @Test
    void closeReleasesAReaderThatIsBlocked() throws Exception {
        Socket socket = factory.createSocket("db.example", 1);
        InputStream in = socket.getInputStream();
        CompletableFuture<Throwable> blocked = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                in.read();
                blocked.complete(null);
            } catch (IOException x) {
                blocked.complete(x);
            }
        });
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);
        socket.close();
        assertThat(blocked.get(10, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        reader.join();
    }

    @Test
    void closeWithLingerZeroIsSeenAsAnError() throws Exception {
        Socket socket = factory.createSocket("db.example", 1);
        RawWebSocketPeer peer = peer();
        socket.setSoLinger(true, 0);
        socket.close();
        RawFrame frame;
        do {
            frame = peer.readFrame();
        } while (frame != null && frame.opcode() != FrameBytes.CLOSE);
        assertThat(frame).isNotNull();
        assertThat(frame.closeCode()).isEqualTo(1011);
    }

    @Test
    void theEndOfTheStreamIsTheEndOfTheInput() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 1)) {
            RawWebSocketPeer peer = peer();
            peer.sendBinary((byte) 1);
            peer.sendClose(1000, "");
            assertThat(socket.getInputStream().readAllBytes()).containsExactly(1);
        }
    }

    @Test
    void aBrokenTunnelIsAnErrorAndNeverTheEnd() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 1)) {
            RawWebSocketPeer peer = peer();
            peer.sendBinary((byte) 1);
            peer.sendClose(1011, "");
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(1);
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("1011");
        }
    }

    @Test
    void anUnconnectedSocketConnectsLater() throws Exception {
        try (Socket socket = factory.createSocket()) {
            assertThat(socket.isConnected()).isFalse();
            assertThatThrownBy(socket::getInputStream).hasMessage("Socket is not connected");
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            socket.connect(InetSocketAddress.createUnresolved("db.example", 1), 5_000);
            peer().sendBinary((byte) 3);
            assertThat(socket.getInputStream().read()).isEqualTo(3);
            assertThat(socket.getSoTimeout()).isEqualTo(10_000);
        }
    }

    @Test
    void earlyDataGoesOutWithTheFirstWrite() throws Exception {
        client.close();
        client = client(OPTIONS.toBuilder()
                .maxEarlyData(16)
                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                .build());
        try (Socket socket = new TunnelSocketFactory(client).createSocket("db.example", 1)) {
            assertThat(peers).isEmpty();
            socket.getOutputStream().write(Bytes.utf8("hello"));
            RawWebSocketPeer peer = peer();
            peer.sendBinary((byte) 4);
            assertThat(socket.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void earlyDataDoesNotKeepAServerThatSpeaksFirstWaiting() throws Exception {
        client.close();
        client = client(OPTIONS.toBuilder().maxEarlyData(16).build());
        try (Socket socket = new TunnelSocketFactory(client).createSocket("mail.example", 25)) {
            peer().sendBinary(Bytes.utf8("220 ready"));
            assertThat(socket.getInputStream().readNBytes(9)).isEqualTo(Bytes.utf8("220 ready"));
        }
    }

    private SocketServer silent() throws IOException {
        return new SocketServer("silent", socket -> {
            try {
                finished.await();
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private WebSocketTransportClient earlyClient(SocketServer to) throws IOException {
        return WebSocketTransportClient.builder("ws://127.0.0.1:" + to.port() + "/t")
                .options(OPTIONS.toBuilder()
                        .maxEarlyData(16)
                        .handshakeTimeout(Duration.ofSeconds(60))
                        .build())
                .connector(connector)
                .build();
    }

    @Test
    void withEarlyDataTheTimeoutOfConnectBoundsTheHandshakeForAReaderToo() throws Exception {
        try (SocketServer silent = silent();
                WebSocketTransportClient early = earlyClient(silent);
                Socket socket = new TunnelSocketFactory(early).createSocket()) {
            socket.connect(InetSocketAddress.createUnresolved("mail.example", 25), 1000);
            CompletableFuture<Integer> reading =
                    Background.supply(() -> socket.getInputStream().read());
            assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("1000 ms");
            finished.countDown();
        }
    }

    @Test
    void aFirstWriteThatIsInterruptedSaysSoAndTheThreadStaysInterrupted() throws Exception {
        try (SocketServer silent = silent();
                WebSocketTransportClient early = earlyClient(silent);
                Socket socket = new TunnelSocketFactory(early).createSocket("db.example", 1)) {
            CompletableFuture<IOException> thrown = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(1);
                } catch (IOException x) {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                    thrown.complete(x);
                }
            });
            writer.start();
            await().until(() -> writer.getState() == Thread.State.WAITING);
            writer.interrupt();
            assertThat(thrown.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining("interrupted while writing");
            assertThat(interrupted.get()).isTrue();
            writer.join();
            socket.setSoLinger(true, 0);
            finished.countDown();
        }
    }

    @Test
    void anIdleSocketThatNobodyReadsAnswersPings() throws Exception {
        WebSocketTransportOptions options =
                OPTIONS.toBuilder().pingInterval(Duration.ZERO).build();
        try (WebSocketTransportClient quiet = client(options);
                Socket socket = new TunnelSocketFactory(quiet).createSocket("db.example", 1)) {
            RawWebSocketPeer peer = peer();
            peer.sendPing((byte) 1);
            assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(1);
            peer.sendBinary((byte) 5);
            assertThat(socket.getInputStream().read()).isEqualTo(5);
            peer.sendPing((byte) 2);
            assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(2);
            peer.reset();
        }
    }

    @Test
    void availableSeesWhatHasArrivedBeforeAnybodyReads() throws Exception {
        try (Socket socket = factory.createSocket("db.example", 1)) {
            InputStream in = socket.getInputStream();
            assertThat(in.available()).isZero();
            peer().sendBinary(Bytes.utf8("abc"));
            await().until(() -> in.available() == 3);
            assertThat(in.readNBytes(3)).isEqualTo(Bytes.utf8("abc"));
            assertThat(in.available()).isZero();
        }
    }

    @Test
    void aRefusedTunnelIsAnIoExceptionOfConnect() throws Exception {
        try (SocketServer refusing = new SocketServer("refusing", socket -> {
                    RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
                    peer.readRequestHead();
                    peer.respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                });
                WebSocketTransportClient refused = WebSocketTransportClient.builder(
                                "ws://127.0.0.1:" + refusing.port() + "/t")
                        .connector(connector)
                        .build()) {
            assertThatThrownBy(() -> new TunnelSocketFactory(refused).createSocket("db.example", 1))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessageContaining("404");
        }
    }

    @Test
    void f5_whatArrivedBeforeAFailureIsReadFirstAlsoBehindAFailedWrite() throws Exception {
        byte[] payload = Bytes.random(8, 50_000);
        try (Socket socket = factory.createSocket("service", 1)) {
            RawWebSocketPeer peer = peers.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Void> sending = Background.run(() -> {
                try {
                    peer.sendBinary(payload);
                } catch (IOException x) {
                    throw new UncheckedIOException(x);
                }
            });
            assertThat(socket.getInputStream().read()).isEqualTo(payload[0] & 0xff);
            sending.get(10, TimeUnit.SECONDS);
            KernelBuffers.awaitArrived(peer.socket());
            peer.reset();
            assertThatThrownBy(() -> {
                        while (true) {
                            socket.getOutputStream().write(new byte[64 * 1024]);
                        }
                    })
                    .isInstanceOf(IOException.class);
            byte[] rest = socket.getInputStream().readNBytes(payload.length - 1);
            assertThat(rest).isEqualTo(Arrays.copyOfRange(payload, 1, payload.length));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void f6_aClientThatIsClosedSendsClose1001AndItsReadersHearWhy() throws Exception {
        try (Socket socket = factory.createSocket("service", 1)) {
            RawWebSocketPeer peer = peers.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Integer> reading = Background.supply(() -> {
                try {
                    return socket.getInputStream().read();
                } catch (IOException x) {
                    throw new UncheckedIOException(x);
                }
            });
            client.close();
            peer.expectClose(1001);
            assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the client is closed");
        }
    }
}
