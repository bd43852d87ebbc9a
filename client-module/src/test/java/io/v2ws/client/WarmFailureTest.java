package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that meet a warm connection which is of no use any more. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class WarmFailureTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String REQUEST_TIMEOUT =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private final ManualScheduler clock = new ManualScheduler();

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture(clock);

    private final WarmFixture warm = new WarmFixture(fixture);

    private WebSocketTransportClient client(PeerServer server, int count, int maxEarlyData, WebSocketEngine engine)
            throws IOException {
        return fixture.keep(warm.builder(
                        server,
                        count,
                        ClientFixture.options().maxEarlyData(maxEarlyData).handshakeTimeout(TIMEOUT))
                .engine(engine)
                // No connection goes of its own accord.
                .preconnectMaxAge(Duration.ofHours(1))
                .build());
    }

    /** Opens a tunnel and writes, where that is what sends the upgrade. */
    private static CompletableFuture<?> use(WebSocketTransportClient client, int maxEarlyData) {
        return maxEarlyData == 0
                ? client.connect()
                : Streams.startWrite(client.connect().join(), Bytes.utf8("question"));
    }

    @ParameterizedTest(name = "early data {0}, secure {1}")
    @CsvSource({"0, false", "2048, false", "0, true", "2048, true"})
    void c18_whatTheServerHasJustClosedIsNotUsed(int maxEarlyData, boolean secure) throws Exception {
        var options = ClientFixture.options().maxEarlyData(maxEarlyData);
        TlsServer tls = new TlsServer(TestCertificates.get().server());
        // Often, as it is a race: the client's own thread may not have seen the end yet.
        for (int i = 0; i < 30; i++) {
            try (PeerServer server = new PeerServer();
                    WebSocketTransportClient client = secure
                            ? warm.tlsBuilder(server.port(), 2, options).build()
                            : warm.builder(server, 2, options).build()) {
                WarmFixture.Accept accept = () -> accept(server, tls, secure);
                List<RawWebSocketPeer> idle = List.of(accept.next(), accept.next());
                warm.awaitFit(client, 2);
                idle.forEach(RawWebSocketPeer::close);
                idle.forEach(peer -> KernelBuffers.awaitArrived(peer.socket()));
                CompletableFuture<?> used = use(client, maxEarlyData);
                PeerServer.Tunnel tunnel = warm.nextRequest(accept);
                assertThat(EarlyDataMode.PATH.bytes(tunnel.request()))
                        .isEqualTo(Bytes.utf8(maxEarlyData == 0 ? "" : "question"));
                tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
                Streams.get(used);
            }
        }
    }

    private static RawWebSocketPeer accept(PeerServer server, TlsServer tls, boolean secure) throws IOException {
        Socket socket = server.acceptSocket();
        return secure ? tls.handshake(socket).peer() : RawWebSocketPeer.accept(socket);
    }

    @ParameterizedTest
    @JettyEngines
    void c18_upgradeWithoutEarlyDataIsSentOnceMoreOnAFreshConnection(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 1, 0, engine);
        RawWebSocketPeer idle = server.accept();
        warm.awaitFit(client, 1);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.request(idle);
        idle.close();
        PeerServer.Tunnel again = warm.nextRequest(server);
        again.peer().acceptUpgrade(again.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), again.peer());
    }

    @ParameterizedTest
    @JettyEngines
    void c15_itIsSentOnceMoreAndNotForEver(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 1, 0, engine);
        warm.awaitFit(client, 1);
        CompletableFuture<List<String>> requests = warm.closeAfterEachRequest(server);
        Throwable failure = Streams.failureOf(client.connect());
        assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("before there was an answer");
        client.close();
        server.close();
        assertThat(Streams.get(requests)).hasSize(2);
    }

    @ParameterizedTest
    @JettyEngines
    void c18_earlyDataThatMayHaveArrivedIsNotSentAgain(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 2, 2048, engine);
        warm.awaitFit(client, 2);
        CompletableFuture<List<String>> requests = warm.closeAfterEachRequest(server);
        WebSocketStream stream = client.connect().join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("question"));
        Throwable failure = Streams.failureOf(written);
        assertThat(failure)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("what the request carried may have arrived, so it is not sent a second time");
        assertThat(Streams.readFailure(stream)).isSameAs(failure);
        client.close();
        server.close();
        assertThat(Streams.get(requests)).hasSize(1);
    }

    @ParameterizedTest
    @JettyEngines
    void c18_earlyDataIsSentAgainToAServerThatSaysItGotNoRequest(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 1, 2048, engine);
        RawWebSocketPeer idle = server.accept();
        warm.awaitFit(client, 1);
        CompletableFuture<?> used = use(client, 2048);
        PeerServer.request(idle);
        idle.respond(REQUEST_TIMEOUT);
        idle.close();
        PeerServer.Tunnel again = warm.nextRequest(server);
        assertThat(EarlyDataMode.PATH.bytes(again.request())).isEqualTo(Bytes.utf8("question"));
        again.peer().acceptUpgrade(again.request(), List.of());
        Streams.get(used);
    }

    @ParameterizedTest
    @JettyEngines
    void c15_a408OnAFreshConnectionIsARefusal(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 0, 0, engine);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer().respond(REQUEST_TIMEOUT);
        assertThat(Streams.failureOf(connecting))
                .isInstanceOfSatisfying(
                        HandshakeException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(408));
        server.expectNoConnection();
    }

    @ParameterizedTest
    @JettyEngines
    void c15_refusalsAndBrokenAnswersOnAWarmConnectionAreNotRetried(WebSocketEngine engine) throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTT")) {
            PeerServer server = fixture.server();
            WebSocketTransportClient client = client(server, 1, 0, engine);
            RawWebSocketPeer idle = server.accept();
            warm.awaitFit(client, 1);
            CompletableFuture<WebSocketStream> connecting = client.connect();
            PeerServer.request(idle);
            RawWebSocketPeer replacement = server.accept();
            idle.respond(answer);
            idle.close();
            assertThat(Streams.failureOf(connecting))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StaleConnectionException.class);
            client.close();
            assertThat(replacement.readRequestHead()).isNull();
            server.expectNoConnection();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void c13_aServerThatHasVanishedIsWaitedForNoLongerAndTheOthersAreGivenUp(int maxEarlyData) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 3, maxEarlyData, WebSocketEngine.DIRECT);
        List<RawWebSocketPeer> idle = List.of(server.accept(), server.accept(), server.accept());
        warm.awaitFit(client, 3);
        CompletableFuture<?> used = use(client, maxEarlyData);
        // The connect of the one that replaces it would time out too.
        warm.awaitFit(client, 3);
        clock.advance(TIMEOUT.minusMillis(1));
        assertThat(used).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(Streams.failureOf(used)).isInstanceOf(SocketTimeoutException.class);
        for (RawWebSocketPeer peer : idle) {
            peer.input().transferTo(java.io.OutputStream.nullOutputStream());
        }
        warm.awaitFit(client, 3);
    }

    @Test
    void c18_cancellingATunnelDuringTheSecondTryEndsIt() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 1, 0, WebSocketEngine.DIRECT);
        RawWebSocketPeer idle = server.accept();
        warm.awaitFit(client, 1);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.request(idle);
        idle.close();
        PeerServer.Tunnel again = warm.nextRequest(server);
        connecting.cancel(false);
        again.peer().input().transferTo(java.io.OutputStream.nullOutputStream());
    }

    @Test
    void c18_bytesThatNobodyAskedForEndAWarmConnection() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = client(server, 1, 2048, WebSocketEngine.DIRECT);
        RawWebSocketPeer idle = server.accept();
        warm.awaitFit(client, 1);
        idle.respond(REQUEST_TIMEOUT);
        KernelBuffers.awaitArrived(idle.socket());
        CompletableFuture<?> used = use(client, 2048);
        PeerServer.Tunnel fresh = warm.nextRequest(server);
        fresh.peer().acceptUpgrade(fresh.request(), List.of());
        Streams.get(used);
        assertThat(idle.readRequestHead()).isNull();
    }

    @Test
    void c18_oneConnectionThatCannotBeMadeFailsOneTunnelAndNotItsNeighbours() throws Exception {
        PeerServer proxy = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("ws://tunnel.example/tunnel")
                .proxy("http://" + proxy.authority())
                .build());
        CompletableFuture<WebSocketStream> first = client.connect();
        RawWebSocketPeer refused = proxy.accept();
        CompletableFuture<WebSocketStream> second = client.connect();
        RawWebSocketPeer passed = proxy.accept();
        refused.readRequestHead();
        passed.readRequestHead();
        refused.respond("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        assertThat(Streams.failureOf(first)).isInstanceOf(HandshakeException.class);
        passed.respond("HTTP/1.1 200 OK\r\n\r\n");
        passed.acceptUpgrade();
        WarmFixture.assertCarries(Streams.get(second), passed);
    }
}
