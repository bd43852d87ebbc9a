package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.client.HandshakeException;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The proxies of {@code docs/proxies} in front of {@code v2ws serve} and of the WAR. */
@Timeout(120)
class ProxiesIT {
    private static final int EARLY = 2048;
    private static final String SPOOFED = "203.0.113.7";
    private static final Map<ProxyBackend.Kind, ProxyBackend> BACKENDS = new EnumMap<>(ProxyBackend.Kind.class);

    @BeforeAll
    static void start() throws Exception {
        for (ProxyBackend.Kind kind : ProxyBackend.Kind.values()) {
            BACKENDS.put(kind, new ProxyBackend(kind));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (ProxyBackend backend : BACKENDS.values()) {
            backend.close();
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(ReverseProxy.values())
                .flatMap(proxy -> Stream.of(ProxyBackend.Kind.values()).map(kind -> Arguments.of(proxy, kind)));
    }

    static Stream<Arguments> combinations() {
        return pairs().flatMap(pair ->
                Stream.of(EarlyDataMode.values()).map(mode -> Arguments.of(pair.get()[0], pair.get()[1], mode)));
    }

    @ParameterizedTest(name = "{0}, {1}, early data: {2}")
    @MethodSource("combinations")
    void muchComesBackAsItWasSent(ReverseProxy proxy, ProxyBackend.Kind kind, EarlyDataMode mode) throws Exception {
        try (ProxiedTunnel tunnel = ProxiedTunnel.to(BACKENDS.get(kind).port(), proxy)) {
            tunnel.exchange(mode);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("pairs")
    void earlyDataReachesTheServiceBeforeAnyFrame(ReverseProxy proxy, ProxyBackend.Kind kind) throws Exception {
        ProxyBackend backend = BACKENDS.get(kind);
        byte[] early = Bytes.random(3, EARLY);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(early);
        RawHandshake inPath = RawHandshake.to(ProxyBackend.path(EarlyDataMode.PATH) + text);
        RawHandshake inHeader =
                RawHandshake.to(ProxyBackend.path(EarlyDataMode.HEADER)).add(EarlyDataMode.HEADER.headerName(), text);
        try (ProxiedTunnel tunnel = ProxiedTunnel.to(backend.port(), proxy)) {
            for (RawHandshake request : List.of(inPath, inHeader)) {
                CompletableFuture<byte[]> arrived = backend.upstream()
                        .next(socket -> socket.getInputStream().readNBytes(EARLY));
                try (RawWebSocketPeer peer = tunnel.connect("127.0.0.1")) {
                    peer.upgrade(request);
                    assertThat(arrived.get(10, TimeUnit.SECONDS)).isEqualTo(early);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("pairs")
    void s13_clientsAddressComesFromTheTrustedProxyOnly(ReverseProxy proxy, ProxyBackend.Kind kind) throws Exception {
        ProxyBackend backend = BACKENDS.get(kind);
        String client = address(proxy);
        try (ProxiedTunnel tunnel = ProxiedTunnel.to(backend.port(), proxy)) {
            int before = backend.log().length();
            for (String path : List.of(ProxyBackend.TRUSTING, ProxyBackend.DISTRUSTING)) {
                try (RawWebSocketPeer peer = tunnel.connect(client)) {
                    peer.upgrade(spoofing(path));
                    peer.expectClose(1011);
                }
            }
            await().untilAsserted(() -> assertThat(backend.log().substring(before))
                    .containsPattern("Tunnel from " + client + "(:\\d+)? refused")
                    .containsPattern("Tunnel from 127\\.0\\.0\\.1:\\d+ refused"));
            assertThat(backend.log()).doesNotContain(SPOOFED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRequestArrivesUnchangedButForTheClientsAddress(ReverseProxy proxy) throws Exception {
        CompletableFuture<RawRequest> arrived = new CompletableFuture<>();
        try (SocketServer server = acceptingServer(arrived::complete);
                ProxiedTunnel tunnel = ProxiedTunnel.to(server.port(), proxy);
                RawWebSocketPeer peer = tunnel.connect(address(proxy))) {
            RawHandshake sent = spoofing("/tunnel-_").add("Sec-WebSocket-Protocol", "AbC-_");
            peer.upgrade(sent);
            RawRequest request = arrived.get(10, TimeUnit.SECONDS);
            assertThat(request.target()).isEqualTo("/tunnel-_");
            assertThat(request.header("Host")).isEqualTo("localhost");
            assertThat(request.all("Sec-WebSocket-Key")).containsExactly(sent.key());
            assertThat(request.all("Sec-WebSocket-Protocol")).containsExactly("AbC-_");
            assertThat(request.all("X-Forwarded-For")).containsExactly(address(proxy));
            assertThat(request.all("Forwarded")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void limitsForEarlyDataAreThoseOfThePage(ReverseProxy proxy) throws Exception {
        DeployPage.Limits limits = DeployPage.limits(proxy);
        try (SocketServer server = acceptingServer(request -> {});
                ProxiedTunnel tunnel = ProxiedTunnel.to(server.port(), proxy)) {
            assertThat(tunnel.answer(inHeader(limits.header()))).isEqualTo("101");
            assertThat(tunnel.answer(inPath(limits.path()))).isEqualTo("101");
            if (!limits.tooLong().equals("–")) {
                assertThat(limits.tooLong())
                        .contains(tunnel.answer(inHeader(limits.header() * 11 / 10)))
                        .contains(tunnel.answer(inPath(limits.path() * 11 / 10)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void headOfARequestMayBeAsLongAsThePageSays(ProxyBackend.Kind kind) throws Exception {
        String limit = kind == ProxyBackend.Kind.SERVE ? "16,384" : "8,192";
        assertThat(Files.readString(DeployPage.FILE)).contains(limit);
        int port = BACKENDS.get(kind).port();
        int length = Integer.parseInt(limit.replace(",", ""));
        assertThat(ProxiedTunnel.answer(RawWebSocketPeer.connect(port), ofLength(length - 100)))
                .isEqualTo("101");
        assertThat(ProxiedTunnel.answer(RawWebSocketPeer.connect(port), ofLength(length + 100)))
                .isEqualTo("431");
    }

    private static RawHandshake ofLength(int length) {
        RawHandshake request = RawHandshake.to(ProxyBackend.path(EarlyDataMode.NONE));
        return request.add("X-Filler", "A".repeat(length - request.text().length()));
    }

    private static RawHandshake inPath(int length) {
        return RawHandshake.to("/tunnel" + "A".repeat(length));
    }

    private static RawHandshake inHeader(int length) {
        return RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", "A".repeat(length));
    }

    /** Starts a server that upgrades whatever comes. */
    private static SocketServer acceptingServer(Consumer<RawRequest> requests) throws IOException {
        return new SocketServer("server", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            RawRequest request = peer.readRequestHead();
            if (request != null && request.header("Upgrade") == null) {
                peer.respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            } else if (request != null) {
                peer.acceptUpgrade(request, List.of());
                requests.accept(request);
                peer.readFrame();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsDownIsSaid(ReverseProxy proxy) throws Exception {
        try (ClosedPort nobody = new ClosedPort();
                ProxiedTunnel tunnel = ProxiedTunnel.toNobody(nobody.port(), proxy);
                WebSocketTransportClient client = tunnel.client("/tunnel", EarlyDataMode.NONE)) {
            int down = DeployPage.limits(proxy).backendDown();
            assertThat(client.connect())
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            HandshakeException.class,
                            x -> assertThat(x.status()).isEqualTo(down))
                    .withMessageContaining("the proxy in front of the server cannot reach it");
        }
    }

    /** An address of this machine that no other proxy sees. */
    private static String address(ReverseProxy proxy) {
        return "127.0.1." + (proxy.ordinal() + 2);
    }

    private static RawHandshake spoofing(String target) {
        return RawHandshake.to(target).add("X-Forwarded-For", SPOOFED).add("Forwarded", "for=" + SPOOFED);
    }
}
