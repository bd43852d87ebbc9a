package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    private final ManualScheduler clock = new ManualScheduler();

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture(clock);

    /** With real time, which Jetty's idle timeouts need. */
    @RegisterExtension
    final ClientFixture realTime = new ClientFixture();

    private static WebSocketTransportOptions.Builder options() {
        return ClientFixture.options().handshakeTimeout(TIMEOUT).pingInterval(Duration.ZERO);
    }

    /** Lets the rest of the timeout pass; checks the failure and its moment. */
    private void assertTimesOut(CompletableFuture<?> connecting, Duration left) throws Exception {
        clock.advance(left.minusMillis(1));
        assertThat(connecting).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(Streams.failureOf(connecting)).isInstanceOf(SocketTimeoutException.class);
    }

    private void assertTimesOut(CompletableFuture<?> connecting) throws Exception {
        assertTimesOut(connecting, TIMEOUT);
    }

    /** Waits for the far end to end or reset the connection; at the latest, its idle timeout does so. */
    private void assertGivenUp(RawWebSocketPeer peer) throws Exception {
        CompletableFuture<Void> ended = Background.run(() -> {
            try {
                peer.input().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        });
        await().until(() -> {
            clock.advance(TIMEOUT);
            return ended.isDone();
        });
        Streams.get(ended);
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
                assertTimesOut(client.connect());
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
        CompletableFuture<WebSocketStream> connecting = client.connect();
        RawWebSocketPeer peer = server.accept();
        assertTimesOut(connecting);
        assertGivenUp(peer);
    }

    @Test
    void c13_101ThatNeverComes() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        assertTimesOut(connecting);
        assertGivenUp(tunnel.peer());
        server.expectNoConnection();
    }

    @Test
    void c13_101ThatComesDripByDripDoesNotProlongIt() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        RawWebSocketPeer peer = tunnel.peer();
        peer.send("HTTP/1.1 101 Switching Protocols\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < 8; i++) {
            clock.advance(TIMEOUT.dividedBy(10));
            peer.send(new byte[] {'x'});
        }
        assertTimesOut(connecting, TIMEOUT.dividedBy(5));
        assertGivenUp(peer);
    }

    @Test
    void c13_stagesTogetherAreBounded() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("wss://localhost:" + server.port() + "/tunnel")
                .dial(new HostAndPort("127.0.0.1", server.port()))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .options(options().handshakeTimeout(TIMEOUT).build())
                .build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        Socket socket = server.acceptSocket();
        clock.advance(TIMEOUT.multipliedBy(6).dividedBy(10));
        PeerServer.request(
                new TlsServer(TestCertificates.get().server()).handshake(socket).peer());
        assertTimesOut(connecting, TIMEOUT.multipliedBy(4).dividedBy(10));
    }

    @Test
    void c13_proxyThatStaysSilent() throws Exception {
        for (String scheme : List.of("http", "socks5")) {
            PeerServer proxy = fixture.server();
            WebSocketTransportClient client = fixture.keep(fixture.builder("ws://tunnel.example/tunnel")
                    .proxy(scheme + "://" + proxy.authority())
                    .options(options().build())
                    .build());
            CompletableFuture<WebSocketStream> connecting = client.connect();
            RawWebSocketPeer peer = proxy.accept();
            assertTimesOut(connecting);
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
        clock.advance(TIMEOUT.multipliedBy(2));
        assertThat(demanded).isNotDone();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        server.acceptRequest();
        assertTimesOut(written);
        Streams.get(demanded);
        assertThat(Streams.readFailure(stream)).isSameAs(Streams.failureOf(written));
    }

    @Test
    void aStreamThatIsClosedDuringItsHandshakeEndsWithinTheCloseTimeouts() throws Exception {
        PeerServer server = realTime.server();
        WebSocketTransportClient client = realTime.client(
                server,
                options()
                        .handshakeTimeout(Duration.ofSeconds(60))
                        .closeWriteTimeout(Duration.ofMillis(300))
                        .maxEarlyData(2048));
        WebSocketStream stream = Streams.get(client.connect());
        CompletableFuture<Void> first = Streams.startWrite(stream, Bytes.utf8("x"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        stream.close();
        assertThat(stream.closed().get(10, TimeUnit.SECONDS).failure()).hasMessageContaining("300 ms after the close");
        assertThat(Streams.failureOf(first)).isInstanceOf(IOException.class);
        tunnel.peer().expectEof();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void c13_deadlineIsGoneAfterTheUpgrade(int maxEarlyData) throws Exception {
        PeerServer server = realTime.server();
        WebSocketTransportClient client = realTime.client(server, options().maxEarlyData(maxEarlyData));
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
