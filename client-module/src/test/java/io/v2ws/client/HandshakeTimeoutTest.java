package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadline of the handshake, at every stage of it, and its end (C13). */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class HandshakeTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofMillis(400);

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private static WebSocketTransportOptions.Builder options() {
        return ClientFixture.options().handshakeTimeout(TIMEOUT).pingInterval(Duration.ZERO);
    }

    /** Checks the failure and its moment. */
    private static void assertTimesOut(CompletableFuture<?> connecting, long start) throws Exception {
        Throwable failure = Streams.failureOf(connecting);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(failure).isInstanceOf(SocketTimeoutException.class);
        assertThat(took).isBetween(TIMEOUT.minusMillis(20), TIMEOUT.plusSeconds(2));
    }

    /** Waits for the far end to end or reset the connection. */
    private static void assertGivenUp(RawWebSocketPeer peer) throws IOException {
        try {
            peer.input().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void c13_default15Seconds() {
        assertThat(WebSocketTransportOptions.defaults().handshakeTimeout()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void c13_tcpThatIsNotAnswered() throws Exception {
        // Linux drops the SYN once the queue of a listener is full.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            List<Socket> fillers = new ArrayList<>();
            try {
                fill(full, fillers);
                WebSocketTransportClient client =
                        fixture.keep(fixture.builder("ws://127.0.0.1:" + full.getLocalPort() + "/tunnel")
                                .options(options().build())
                                .build());
                long start = System.nanoTime();
                assertTimesOut(client.connect(), start);
            } finally {
                for (Socket filler : fillers) {
                    filler.close();
                }
            }
        }
    }

    private static void fill(ServerSocket listener, List<Socket> fillers) throws IOException {
        for (int i = 0; i < 50; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(listener.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException isFull) {
                return;
            }
        }
        throw new AssertionError("the queue of the listener does not fill up");
    }

    @Test
    void c13_tlsThatStaysSilent() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("wss://" + server.authority() + "/tunnel")
                .options(options().build())
                .build());
        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = client.connect();
        RawWebSocketPeer peer = server.accept();
        assertTimesOut(connecting, start);
        assertGivenUp(peer);
    }

    @Test
    void c13_101ThatNeverComes() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options());
        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        assertTimesOut(connecting, start);
        assertGivenUp(tunnel.peer());
        server.expectNoConnection();
    }

    @Test
    void c13_101ThatComesDripByDripDoesNotProlongIt() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options());
        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        CompletableFuture<Void> dripping = Background.run(() -> drip(tunnel.peer()));
        assertTimesOut(connecting, start);
        Streams.get(dripping);
    }

    /** One byte of an endless head every 20 ms, until the client has had enough. */
    private static void drip(RawWebSocketPeer peer) {
        try {
            peer.send("HTTP/1.1 101 Switching Protocols\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 400; i++) {
                peer.send(new byte[] {'x'});
                Thread.sleep(20);
            }
            throw new AssertionError("the client has not given up");
        } catch (IOException expected) {
            // It has given up.
        } catch (InterruptedException x) {
            throw new AssertionError(x);
        }
    }

    @Test
    void c13_stagesTogetherAreBounded() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("wss://localhost:" + server.port() + "/tunnel")
                .dial(new HostAndPort("127.0.0.1", server.port()))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .options(options().handshakeTimeout(TIMEOUT).build())
                .build());
        // The first use of TLS takes its time.
        CompletableFuture<WebSocketStream> warm = client.connect();
        new TlsServer(TestCertificates.get().server()).handshake(server.acceptSocket());
        Streams.failureOf(warm);

        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = client.connect();
        Socket socket = server.acceptSocket();
        // More than half of the time for TLS; a fresh deadline for the upgrade would end too late.
        Thread.sleep(TIMEOUT.toMillis() * 6 / 10);
        new TlsServer(TestCertificates.get().server()).handshake(socket);
        Throwable failure = Streams.failureOf(connecting);
        assertThat(failure).isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(TIMEOUT.multipliedBy(3).dividedBy(2));
    }

    @Test
    void c13_proxyThatStaysSilent() throws Exception {
        for (String scheme : List.of("http", "socks5")) {
            PeerServer proxy = fixture.server();
            WebSocketTransportClient client = fixture.keep(fixture.builder("ws://tunnel.example/tunnel")
                    .proxy(scheme + "://" + proxy.authority())
                    .options(options().build())
                    .build());
            long start = System.nanoTime();
            CompletableFuture<WebSocketStream> connecting = client.connect();
            RawWebSocketPeer peer = proxy.accept();
            assertTimesOut(connecting, start);
            assertGivenUp(peer);
        }
    }

    @Test
    void c13_earlyDataFailsWithTheTimeout() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options().maxEarlyData(2048));
        WebSocketStream stream = client.connect().join();
        CompletableFuture<Void> demanded = Streams.demand(stream);
        // The deadline begins with the upgrade, not with connect.
        assertThat(Streams.staysIncomplete(demanded, TIMEOUT.toMillis() + 200)).isTrue();
        long start = System.nanoTime();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        server.acceptRequest();
        assertTimesOut(written, start);
        Streams.get(demanded);
        assertThat(Streams.readFailure(stream)).isSameAs(Streams.failureOf(written));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void c13_deadlineIsGoneAfterTheUpgrade(int maxEarlyData) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options().maxEarlyData(maxEarlyData));
        CompletableFuture<WebSocketStream> connecting = client.connect();
        if (maxEarlyData > 0) {
            Streams.startWrite(connecting.join(), Bytes.utf8("x"));
        }
        RawWebSocketPeer peer = server.acceptUpgrade().peer();
        WebSocketStream stream = Streams.get(connecting);
        // Also longer than the idle timeout of the HTTP client, twice the deadline.
        assertThat(Streams.staysIncomplete(stream.closed(), TIMEOUT.toMillis() * 3))
                .isTrue();
        Streams.write(stream, Bytes.utf8("still here"));
        if (maxEarlyData == 0) {
            assertThat(peer.readBinary(10)).isEqualTo(Bytes.utf8("still here"));
        }
        peer.sendBinary(Bytes.utf8("me too"));
        assertThat(Streams.read(stream, 6)).isEqualTo(Bytes.utf8("me too"));
    }
}
