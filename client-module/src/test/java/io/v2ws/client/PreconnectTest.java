package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.DelayingRelay;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHttpProxy;
import io.v2ws.testing.RawSocks5Proxy;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are open before anybody wants one, and tunnels over them. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class PreconnectTest {
    private static final String TARGET = "tunnel.example";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private final WarmFixture warm = new WarmFixture(fixture);

    @ParameterizedTest
    @JettyEngines
    void c18_connectionsAreOpenBeforeATunnelIsAskedForAndItTakesOne(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(
                warm.builder(server, 3, ClientFixture.options()).engine(engine).build());
        List<RawWebSocketPeer> idle = List.of(server.accept(), server.accept(), server.accept());
        server.expectNoConnection();
        warm.awaitFit(client, 3);

        CompletableFuture<WebSocketStream> connecting = client.connect();
        // One is prepared in its place at once, before the upgrade is answered.
        server.accept();
        server.expectNoConnection();
        PeerServer.Tunnel tunnel = WarmFixture.requestOnOneOf(idle);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), tunnel.peer());
    }

    @ParameterizedTest
    @JettyEngines
    void c18_tlsIsOverBeforeATunnelIsAskedFor(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(warm.tlsBuilder(server.port(), 1, ClientFixture.options())
                .engine(engine)
                .build());
        TlsServer tls = new TlsServer(TestCertificates.get().server());
        RawWebSocketPeer idle = tls.handshake(server.acceptSocket()).peer();
        warm.awaitFit(client, 1);

        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = PeerServer.request(idle);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), tunnel.peer());
    }

    @ParameterizedTest(name = "secure {0}, {1}")
    @CsvSource({"false, http", "true, http", "false, socks5", "true, socks5"})
    void c18_aProxyIsPassedBeforehandToo(boolean secure, String proxyScheme) throws Exception {
        PeerServer server = fixture.server();
        String target = TARGET + (secure ? ":443" : ":80");
        RawHttpProxy http = fixture.keep(new RawHttpProxy());
        http.route(target, server.address());
        RawSocks5Proxy socks = fixture.keep(new RawSocks5Proxy());
        socks.route(target, server.address());
        boolean isHttp = proxyScheme.equals("http");
        WebSocketTransportClient client = fixture.keep(fixture.builder(
                        (secure ? "wss://" : "ws://") + TARGET + "/tunnel")
                .proxy(proxyScheme + "://127.0.0.1:" + (isHttp ? http.port() : socks.port()))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .preconnect(1)
                .build());
        RawWebSocketPeer idle = secure
                ? new TlsServer(TestCertificates.get().tunnelExample())
                        .handshake(server.acceptSocket())
                        .peer()
                : server.accept();
        warm.awaitFit(client, 1);
        assertThat(isHttp ? http.targets() : socks.targets()).containsExactly(target);

        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = PeerServer.request(idle);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), tunnel.peer());
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void c18_withEarlyDataTheAnswerIsThereAfterOneRoundTrip(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        DelayingRelay relay = fixture.keep(new DelayingRelay(server.address(), Duration.ofMillis(30)));
        WebSocketTransportOptions.Builder options =
                ClientFixture.options().maxEarlyData(2048).halfClose(false);
        WebSocketTransportClient client = fixture.keep(
                secure
                        ? warm.tlsBuilder(relay.port(), 1, options).build()
                        : warm.builder(relay.port(), 1, options).build());
        RawWebSocketPeer idle = secure
                ? new TlsServer(TestCertificates.get().server())
                        .handshake(server.acceptSocket())
                        .peer()
                : server.accept();
        // With TLS 1.3: hello, answer, end of the handshake, session tickets.
        await().until(() -> relay.turns().get(0).equals(secure ? "><><" : "") && client.fitConnections() == 1);
        String before = relay.turns().get(0);

        WebSocketStream stream = client.connect().join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("question"));
        PeerServer.Tunnel tunnel = PeerServer.request(idle);
        assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEqualTo(Bytes.utf8("question"));
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of(), WarmFixture.answer(tunnel.peer(), "answer"));
        assertThat(Streams.read(stream, 6)).isEqualTo(Bytes.utf8("answer"));
        Streams.get(written);
        assertThat(relay.turns().get(0)).isEqualTo(before + "><");
    }

    @Test
    void c18_aBurstLargerThanWhatIsReadyTakesFreshConnectionsForTheRest() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = warm.client(server, 2, ClientFixture.options());
        warm.awaitFit(client, 2);
        List<CompletableFuture<WebSocketStream>> connecting = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            connecting.add(client.connect());
        }
        CompletableFuture<Void> serving = warm.upgradeEverything(server);
        for (CompletableFuture<WebSocketStream> each : connecting) {
            Streams.get(each);
        }
        warm.awaitFit(client, 2);
        server.close();
        Streams.get(serving);
    }

    @Test
    void c18_afterTheUpgradeNeitherAgeNorDeadlineEndsTheTunnel() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(warm.builder(
                        server,
                        1,
                        ClientFixture.options()
                                .handshakeTimeout(Duration.ofMillis(300))
                                .pingInterval(Duration.ZERO))
                .preconnectMaxAge(Duration.ofMillis(400))
                .build());
        RawWebSocketPeer idle = server.accept();
        warm.awaitFit(client, 1);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = PeerServer.request(idle);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WebSocketStream stream = Streams.get(connecting);
        assertThat(Streams.staysIncomplete(stream.closed(), 1500)).isTrue();
        WarmFixture.assertCarries(stream, tunnel.peer());
    }

    @Test
    void c18_closingTheClientClosesThemAndLeavesNoSocket() throws Exception {
        PeerServer server = fixture.server();
        long before = LeakCheck.openSockets();
        WebSocketTransportClient client = warm.client(server, 4, ClientFixture.options());
        List<RawWebSocketPeer> idle = List.of(server.accept(), server.accept(), server.accept(), server.accept());
        warm.awaitFit(client, 4);
        client.close();
        for (RawWebSocketPeer peer : idle) {
            peer.expectEof();
            peer.close();
        }
        await().until(() -> LeakCheck.openSockets() == before);
        server.expectNoConnection();
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void c18_closingTheClientGivesUpWhatIsNotOpenYet(boolean secure) throws Exception {
        // Often: one whose connect succeeds just then is easily forgotten.
        for (int i = 0; i < 20; i++) {
            PeerServer server = fixture.server();
            // Who is silent: a server in TLS, or a proxy.
            WebSocketTransportClient.Builder builder = secure
                    ? warm.tlsBuilder(server.port(), 2, ClientFixture.options())
                    : fixture.builder("ws://" + TARGET + "/tunnel")
                            .proxy("http://" + server.authority())
                            .preconnect(2);
            WebSocketTransportClient client = fixture.keep(builder.build());
            List<RawWebSocketPeer> unfinished = List.of(server.accept(), server.accept());
            client.close();
            for (RawWebSocketPeer peer : unfinished) {
                peer.input().transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void c18_nothingIsOpenedUnlessAskedFor() throws Exception {
        PeerServer server = fixture.server();
        fixture.client(server, ClientFixture.options());
        server.expectNoConnection();
    }

    @Test
    void optionsAreValidated() throws IOException {
        WebSocketTransportClient.Builder builder = WebSocketTransportClient.builder("ws://127.0.0.1/");
        builder.preconnect(0)
                .preconnect(64)
                .preconnectMaxAge(Duration.ofMillis(100))
                .preconnectMaxAge(Duration.ofHours(1));
        for (int wrong : new int[] {-1, 65}) {
            assertThatThrownBy(() -> builder.preconnect(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("preconnect: expected 0 to 64, got " + wrong);
        }
        for (Duration wrong :
                List.of(Duration.ZERO, Duration.ofMillis(99), Duration.ofMinutes(61), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> builder.preconnectMaxAge(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("preconnectMaxAge: expected 100ms to 1h");
        }
    }
}
