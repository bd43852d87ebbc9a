package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHttpProxy;
import io.v2ws.testing.RawSocks5Proxy;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels through HTTP (CONNECT) and SOCKS 5 proxies. The target's name exists only at the proxy. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ProxyTest {
    private static final String TARGET = "tunnel.example";
    private static final String USER = "us:er";
    private static final String PASSWORD = "p@ss w/rd%+";
    /** User and password as a URL has them. */
    private static final String CREDENTIALS = "us%3Aer:p%40ss%20w%2Frd%25+";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private WebSocketTransportClient client(boolean secure, String proxyUrl) throws IOException {
        return fixture.keep(fixture.builder((secure ? "wss://" : "ws://") + TARGET + "/tunnel")
                .proxy(proxyUrl)
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .build());
    }

    /** Connects all the way to echoed bytes and returns the head of the request. */
    private String connects(PeerServer server, boolean secure, WebSocketTransportClient client) throws Exception {
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel;
        if (secure) {
            TlsServer.Hello hello =
                    new TlsServer(TestCertificates.get().tunnelExample()).handshake(server.acceptSocket());
            assertThat(hello.serverNames()).containsExactly(TARGET);
            tunnel = PeerServer.request(hello.peer());
        } else {
            tunnel = server.acceptRequestOfAny();
        }
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WebSocketStream stream = Streams.get(connecting);
        Streams.write(stream, Bytes.utf8("there"));
        assertThat(tunnel.peer().readBinary(5)).isEqualTo(Bytes.utf8("there"));
        tunnel.peer().sendBinary(Bytes.utf8("back"));
        assertThat(Streams.read(stream, 4)).isEqualTo(Bytes.utf8("back"));
        assertThat(tunnel.request().target()).isEqualTo("/tunnel");
        assertThat(tunnel.request().all("Host")).containsExactly(TARGET);
        return tunnel.request().head();
    }

    private static int port(boolean secure) {
        return secure ? 443 : 80;
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void httpProxyIsAskedForATunnelByNameForWsToo(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route(TARGET + ":" + port(secure), server.address());
        connects(server, secure, client(secure, "http://127.0.0.1:" + proxy.port()));
        assertThat(proxy.targets()).containsOnly(TARGET + ":" + port(secure));
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void httpProxyGetsTheCredentialsAndTheServerDoesNot(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy(USER, PASSWORD));
        proxy.route(TARGET + ":" + port(secure), server.address());
        WebSocketTransportClient client = client(secure, "http://" + CREDENTIALS + "@127.0.0.1:" + proxy.port());
        assertThat(connects(server, secure, client)).doesNotContainIgnoringCase("Proxy");
        connects(server, secure, client);
        // No connection was wasted on an answer of 407.
        assertThat(proxy.targets()).hasSize(proxy.acceptedConnections());
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void c22_headersForTheProxyGoThereAndNotToTheServer(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route(TARGET + ":" + port(secure), server.address());
        WebSocketTransportClient client = fixture.keep(fixture.builder(
                        (secure ? "wss://" : "ws://") + TARGET + "/tunnel")
                .proxy("http://127.0.0.1:" + proxy.port())
                .proxyHeaders(Map.of("User-Agent", List.of("curl/8"), "X-Team", List.of("a", "b")))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .build());
        assertThat(connects(server, secure, client)).doesNotContain("curl/8").doesNotContain("X-Team");
        assertThat(proxy.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request).contains("\r\nUser-Agent: curl/8\r\n", "\r\nX-Team: a\r\nX-Team: b\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://127.0.0.1", "http://u:s3cret@127.0.0.1", "none"})
    void headersThatAProxyCannotGetAreRefusedNamingTheArgument(String proxy) {
        assertThatThrownBy(() -> fixture.builder("ws://h/")
                        .proxy(proxy.equals("none") ? null : proxy)
                        .proxyHeaders(Map.of("Proxy-Authorization", List.of("Bearer x")))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("proxyHeaders: expected ");
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void socksProxyIsAskedByName(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawSocks5Proxy proxy = fixture.keep(new RawSocks5Proxy());
        proxy.route(TARGET + ":" + port(secure), server.address());
        connects(server, secure, client(secure, "socks5://127.0.0.1:" + proxy.port()));
        assertThat(proxy.targets()).containsExactly(TARGET + ":" + port(secure));
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void socksProxyGetsTheCredentials(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawSocks5Proxy proxy = fixture.keep(new RawSocks5Proxy(USER, PASSWORD));
        proxy.route(TARGET + ":" + port(secure), server.address());
        connects(server, secure, client(secure, "socks5h://" + CREDENTIALS + "@127.0.0.1:" + proxy.port()));
        assertThat(proxy.targets()).containsExactly(TARGET + ":" + port(secure));
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void httpProxyThatWantsOtherCredentialsIs407WithAHintAndWithoutThePassword(boolean secure) throws Exception {
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy("somebody", "else"));
        for (String credentials : List.of("", CREDENTIALS + "@")) {
            Throwable failure = Streams.failureOf(client(secure, "http://" + credentials + "127.0.0.1:" + proxy.port())
                    .connect());
            assertThat(failure).isInstanceOf(HandshakeException.class);
            HandshakeException refusal = (HandshakeException) failure;
            assertThat(refusal.status()).isEqualTo(407);
            assertThat(refusal.reason()).contains("proxy");
            assertThat(refusal.hint()).contains("password");
            assertThat(refusal.headers().get("proxy-authenticate")).isNotEmpty();
            assertThat(refusal).hasMessageContaining("407").hasMessageContaining(refusal.hint());
            assertNoPassword(failure);
        }
        assertThat(proxy.targets()).isEmpty();
        assertThat(proxy.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void socksProxyThatWantsOtherCredentialsFailsWithoutThePassword() throws Exception {
        RawSocks5Proxy proxy = fixture.keep(new RawSocks5Proxy("somebody", "else"));
        for (String credentials : List.of("", CREDENTIALS + "@")) {
            Throwable failure = Streams.failureOf(client(false, "socks5://" + credentials + "127.0.0.1:" + proxy.port())
                    .connect());
            assertThat(failure).isInstanceOf(IOException.class);
            assertThat(failure.getMessage()).doesNotContain("null").contains("SOCK");
            assertNoPassword(failure);
        }
        assertThat(proxy.targets()).isEmpty();
    }

    @Test
    void refusalIsOneForTheFirstWriteOfEarlyDataToo() throws Exception {
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy("somebody", "else"));
        WebSocketTransportClient client = fixture.keep(fixture.builder("ws://" + TARGET)
                .options(EarlyDataMode.PATH.options(2048).build())
                .proxy("http://" + CREDENTIALS + "@127.0.0.1:" + proxy.port())
                .build());
        Throwable failure =
                Streams.failureOf(Streams.startWrite(client.connect().join(), (byte) 1));
        assertThat(failure).isInstanceOf(HandshakeException.class);
        assertThat(((HandshakeException) failure).status()).isEqualTo(407);
    }

    @Test
    void targetThatTheProxyCannotReachIsReportedAsTheProxys() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            RawHttpProxy http = fixture.keep(new RawHttpProxy());
            http.route(TARGET + ":80", closed.address());
            Throwable failure = Streams.failureOf(
                    client(false, "http://127.0.0.1:" + http.port()).connect());
            assertThat(failure).isInstanceOf(HandshakeException.class).hasMessageContaining("proxy");
            assertThat(((HandshakeException) failure).status()).isEqualTo(502);

            RawSocks5Proxy socks = fixture.keep(new RawSocks5Proxy());
            socks.route(TARGET + ":80", closed.address());
            failure = Streams.failureOf(
                    client(false, "socks5://127.0.0.1:" + socks.port()).connect());
            assertThat(failure).isInstanceOf(IOException.class);
            assertThat(failure.getMessage()).contains("SOCK");
        }
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void interimAnswersOfTheProxyAreSkipped(boolean secure) throws Exception {
        TlsServer tls = new TlsServer(TestCertificates.get().tunnelExample());
        try (SocketServer server = new SocketServer("upgrading", socket -> {
            RawWebSocketPeer peer = secure ? tls.handshake(socket).peer() : RawWebSocketPeer.accept(socket);
            peer.acceptUpgrade();
            peer.input().transferTo(java.io.OutputStream.nullOutputStream());
        })) {
            RawHttpProxy proxy = fixture.keep(new RawHttpProxy()
                    .interim("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));
            proxy.route(TARGET + ":" + port(secure), server.address());
            Streams.get(client(secure, "http://127.0.0.1:" + proxy.port()).connect())
                    .abort(new IOException("that is all"));
        }
    }

    @Test
    void aProxyThatForbidsConnectIsSaidToMindThePort() throws Exception {
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy().forbid());
        assertThat(Streams.failureOf(
                        client(false, "http://127.0.0.1:" + proxy.port()).connect()))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("403")
                .hasMessageContaining("443 only");
    }

    @Test
    void refusalBehindTheProxyIsTheServers() throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route(TARGET + ":80", server.address());
        CompletableFuture<WebSocketStream> connecting =
                client(false, "http://127.0.0.1:" + proxy.port()).connect();
        server.acceptRequestOfAny().peer().respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        HandshakeException refusal = (HandshakeException) Streams.failureOf(connecting);
        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.reason()).isEqualTo("Not Found");
    }

    @Test
    void proxyThatIsNotThereIsAnIoException() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            for (String scheme : List.of("http", "socks5")) {
                Throwable failure =
                        Streams.failureOf(client(false, scheme + "://" + CREDENTIALS + "@127.0.0.1:" + closed.port())
                                .connect());
                assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("refused");
                assertNoPassword(failure);
            }
        }
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void httpProxyThatAnswersAtOnceIsNotTooFast(boolean secure) throws Exception {
        TlsServer tls = new TlsServer(TestCertificates.get().tunnelExample());
        try (SocketServer server = new SocketServer("upgrading", socket -> {
                    RawWebSocketPeer peer = secure ? tls.handshake(socket).peer() : RawWebSocketPeer.accept(socket);
                    peer.acceptUpgrade();
                    peer.input().transferTo(java.io.OutputStream.nullOutputStream());
                });
                RawHttpProxy proxy = new RawHttpProxy()) {
            proxy.route(TARGET + ":" + port(secure), server.address());
            WebSocketTransportClient client = client(secure, "http://127.0.0.1:" + proxy.port());
            // Enough to meet a race: without care about one in fifty fails.
            for (int i = 0; i < 300; i++) {
                Streams.get(client.connect()).abort(new IOException("that is all"));
            }
        }
    }

    @Test
    void tunnelThroughAProxyOutlivesTheDeadlineOfTheHandshake() throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route(TARGET + ":80", server.address());
        WebSocketTransportClient client = fixture.keep(fixture.builder("ws://" + TARGET)
                .options(ClientFixture.options()
                        .handshakeTimeout(java.time.Duration.ofSeconds(1))
                        .pingInterval(java.time.Duration.ZERO)
                        .build())
                .proxy("http://127.0.0.1:" + proxy.port())
                .build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequestOfAny();
        RawWebSocketPeer peer = tunnel.peer();
        peer.acceptUpgrade(tunnel.request(), List.of());
        WebSocketStream stream = Streams.get(connecting);
        assertThat(Streams.staysIncomplete(stream.closed(), 2500)).isTrue();
        peer.sendBinary((byte) 1);
        assertThat(Streams.read(stream, 1)).containsExactly(1);
    }

    /** Neither the password nor its forms in URL and header stand anywhere in what a log would show. */
    private static void assertNoPassword(Throwable failure) {
        StringWriter shown = new StringWriter();
        failure.printStackTrace(new PrintWriter(shown));
        String basic = java.util.Base64.getEncoder().encodeToString(Bytes.utf8(USER + ":" + PASSWORD));
        assertThat(shown.toString()).doesNotContain(PASSWORD, "p%40ss", "p@ss", basic);
    }

    private static ProxySelector selector(Proxy.Type type, int port, List<URI> asked) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(
                        type == Proxy.Type.DIRECT
                                ? Proxy.NO_PROXY
                                : new Proxy(type, InetSocketAddress.createUnresolved("127.0.0.1", port)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        };
    }

    @ParameterizedTest(name = "secure {0}")
    @ValueSource(booleans = {false, true})
    void aSelectorIsAskedForTheTargetAndItsProxyIsUsed(boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy http = fixture.keep(new RawHttpProxy());
        RawSocks5Proxy socks = fixture.keep(new RawSocks5Proxy());
        String target = TARGET + ":" + port(secure);
        http.route(target, server.address());
        socks.route(target, server.address());
        for (Proxy.Type type : List.of(Proxy.Type.HTTP, Proxy.Type.SOCKS)) {
            List<URI> asked = new ArrayList<>();
            WebSocketTransportClient client =
                    fixture.keep(fixture.builder((secure ? "wss://" : "ws://") + TARGET + "/tunnel")
                            .proxy(selector(type, type == Proxy.Type.HTTP ? http.port() : socks.port(), asked))
                            .proxyHeaders(Map.of("User-Agent", List.of("me")))
                            .tls(TlsOptions.builder()
                                    .caFile(TestCertificates.get().caPem())
                                    .build())
                            .build());
            connects(server, secure, client);
            assertThat(asked).containsExactly(URI.create((secure ? "https://" : "http://") + target + "/"));
        }
        assertThat(http.targets()).containsExactly(target);
        assertThat(socks.targets()).containsExactly(target);
    }

    @Test
    void aSelectorWithoutAProxyMeansNone() throws Exception {
        PeerServer server = fixture.server();
        List<URI> asked = new ArrayList<>();
        WebSocketTransportClient client = fixture.keep(fixture.builder(server.url() + "/tunnel")
                .proxy("http://127.0.0.1:1")
                .proxy(selector(Proxy.Type.DIRECT, 0, asked))
                .proxyHeaders(Map.of("User-Agent", List.of("me")))
                .build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        server.acceptUpgrade();
        Streams.get(connecting);
        assertThat(asked).hasSize(1);
    }
}
