package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FullBacklog;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;

/** What a failed tunnel says: where, in which phase, and nothing of Jetty's insides. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class FailureTextTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private final CountDownLatch dnsAnswers = new CountDownLatch(1);

    @AfterEach
    void letDnsAnswer() {
        dnsAnswers.countDown();
    }

    private WebSocketTransportClient.Builder builder(String url, WebSocketEngine engine) {
        return fixture.builder(url)
                .engine(engine)
                .options(ClientFixture.options().handshakeTimeout(TIMEOUT).build());
    }

    private IOException failure(WebSocketTransportClient.Builder builder) throws Exception {
        return failure(fixture.keep(builder.build()).connect());
    }

    private static IOException failure(CompletableFuture<WebSocketStream> connecting) throws Exception {
        Throwable failure = Streams.failureOf(connecting);
        assertNothingOfJetty(failure);
        return (IOException) failure;
    }

    /** Checks the failure, its causes and what is suppressed in them. */
    private static void assertNothingOfJetty(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
        while (!open.isEmpty()) {
            Throwable next = open.pop();
            if (next == null || !seen.add(next)) {
                continue;
            }
            assertThat(next.toString()).doesNotContainPattern("org\\.eclipse|oejc|@[0-9a-f]{4,}|HttpDestination");
            assertThat(next.toString()).hasSizeLessThan(400);
            if (next.getCause() != null) {
                open.push(next.getCause());
            }
            for (Throwable suppressed : next.getSuppressed()) {
                open.push(suppressed);
            }
        }
    }

    private static void assertTimedOut(IOException failure, String url, String phase) {
        assertThat(failure)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no tunnel to " + url + " within 500 ms: " + phase);
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentDnsIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        AddressResolver silent = new AddressResolver(name -> {
            try {
                dnsAnswers.await();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            throw new UnknownHostException();
        });
        assertTimedOut(
                failure(builder("ws://tunnel.test", engine).resolver(silent)),
                "ws://tunnel.test/tunnel",
                "DNS: no answer for tunnel.test");
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentTcpIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        FullBacklog full = fixture.keep(new FullBacklog());
        String url = "ws://127.0.0.1:" + full.port();
        assertTimedOut(failure(builder(url, engine)), url + "/tunnel", "TCP: no answer");
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentHttpProxyIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        String proxy = "http://127.0.0.1:" + fixture.server().port();
        assertTimedOut(
                failure(builder("wss://tunnel.test", engine).proxy(proxy)),
                "wss://tunnel.test/tunnel",
                "proxy: no answer from " + proxy);
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentSocksProxyIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        String proxy = "socks5://127.0.0.1:" + fixture.server().port();
        assertTimedOut(
                failure(builder("ws://tunnel.test", engine).proxy(proxy)),
                "ws://tunnel.test/tunnel",
                "proxy: no answer from " + proxy + " (does it speak SOCKS5, or HTTP?)");
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentTlsIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        String url = "wss://127.0.0.1:" + fixture.server().port();
        assertTimedOut(failure(builder(url, engine)), url + "/tunnel", "TLS: no answer to the handshake");
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentServerIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        String url = fixture.server().url();
        assertTimedOut(failure(builder(url, engine)), url + "/tunnel", "HTTP: no answer to the upgrade request");
    }

    @ParameterizedTest
    @JettyEngines
    void c13_silentServerBehindTlsIsSaidToBeThat(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        String url = "wss://localhost:" + server.port();
        // Time for the TLS handshake, the first in this JVM perhaps.
        CompletableFuture<WebSocketStream> connecting = fixture.keep(builder(url, engine)
                        .options(ClientFixture.options()
                                .handshakeTimeout(Duration.ofSeconds(3))
                                .build())
                        .tls(TlsOptions.builder()
                                .caFile(TestCertificates.get().caPem())
                                .build())
                        .build())
                .connect();
        new TlsServer(TestCertificates.get().server()).handshake(server.acceptSocket());
        assertThat(failure(connecting))
                .hasMessage("no tunnel to " + url + "/tunnel within 3000 ms: HTTP: no answer to the upgrade request");
    }

    @Test
    void aSocketSaysTheSame() throws Exception {
        String url = fixture.server().url();
        WebSocketTransportClient client = fixture.keep(builder(url, WebSocketEngine.DIRECT)
                .options(ClientFixture.options().build())
                .build());
        try (Socket socket = new io.v2ws.client.socket.TunnelSocketFactory(client).createSocket()) {
            Throwable failure = org.assertj.core.api.Assertions.catchThrowable(
                    () -> socket.connect(java.net.InetSocketAddress.createUnresolved("service", 1), 500));
            assertNothingOfJetty(failure);
            assertTimedOut((IOException) failure, url + "/tunnel", "HTTP: no answer to the upgrade request");
        }
    }

    /** Makes a client with the usual timeout. */
    private WebSocketTransportClient usual(String url, WebSocketEngine engine) throws IOException {
        return fixture.keep(fixture.builder(url).engine(engine).build());
    }

    @ParameterizedTest
    @JettyEngines
    void refusalsAndEndsShowNothingOfJetty(WebSocketEngine engine) throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgr",
                "SSH-2.0-OpenSSH_9.2p1\r\n",
                "")) {
            PeerServer server = fixture.server();
            CompletableFuture<WebSocketStream> connecting =
                    usual(server.url(), engine).connect();
            try (RawWebSocketPeer peer = server.acceptRequest().peer()) {
                peer.send(Bytes.utf8(answer));
            }
            assertThat(failure(connecting).getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @JettyEngines
    void resetsShowNothingOfJetty(WebSocketEngine engine) throws Exception {
        for (String scheme : List.of("ws", "wss")) {
            PeerServer server = fixture.server();
            CompletableFuture<WebSocketStream> connecting =
                    usual(scheme + "://127.0.0.1:" + server.port(), engine).connect();
            try (Socket socket = server.acceptSocket()) {
                socket.getInputStream().read();
                socket.setSoLinger(true, 0);
            }
            assertThat(failure(connecting)).hasMessage("the connection ended before there was an answer");
        }
    }

    @ParameterizedTest
    @JettyEngines
    void tlsFailuresShowNothingOfJetty(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> distrusted =
                usual("wss://localhost:" + server.port(), engine).connect();
        Socket socket = server.acceptSocket();
        Background.run(() -> {
            try {
                new TlsServer(TestCertificates.get().server()).handshake(socket);
            } catch (IOException refused) {
                // By the client.
            }
        });
        assertThat(failure(distrusted))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("PKIX");

        CompletableFuture<WebSocketStream> plain =
                usual("wss://localhost:" + server.port(), engine).connect();
        try (Socket other = server.acceptSocket()) {
            other.getOutputStream().write(Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n"));
            assertThat(failure(plain))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("the port speaks no TLS");
        }
    }

    /** Waits for the proxy's first bytes, answers with these, and leaves the connection open. */
    private IOException wrongProxy(String scheme, WebSocketEngine engine, byte[] answer) throws Exception {
        PeerServer proxy = fixture.server();
        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = fixture.keep(fixture.builder("wss://tunnel.test")
                        .engine(engine)
                        .proxy(scheme + "://" + proxy.authority())
                        .build())
                .connect();
        Socket socket = proxy.acceptSocket();
        socket.getInputStream().read();
        socket.getOutputStream().write(answer);
        IOException failure = failure(connecting);
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
        assertThat(failure).hasMessageContaining(scheme + "://" + proxy.authority());
        return failure;
    }

    @ParameterizedTest
    @JettyEngines
    void whatIsNoSocksProxyIsFoundOutByItsFirstBytes(WebSocketEngine engine) throws Exception {
        assertThat(wrongProxy("socks5", engine, Bytes.utf8("HTTP/1.1 400 Bad Request\r\n")))
                .hasMessageContaining("no SOCKS5 proxy: it speaks HTTP (is http:// meant?)");
        assertThat(wrongProxy("socks5", engine, new byte[] {0x15, 3, 3, 0, 2, 2, 10}))
                .hasMessageContaining("no SOCKS5 proxy: it speaks TLS");
        assertThat(wrongProxy("socks5", engine, Bytes.utf8("SSH-2.0-OpenSSH_9.2p1\r\n")))
                .hasMessageContaining("no SOCKS5 proxy: its answer begins with the byte 0x53");
    }

    @ParameterizedTest
    @JettyEngines
    void whatIsNoHttpProxyIsFoundOutByItsFirstByte(WebSocketEngine engine) throws Exception {
        assertThat(wrongProxy("http", engine, new byte[] {5}))
                .hasMessageContaining("no HTTP proxy: it speaks SOCKS5 (is socks5:// meant?)");
        assertThat(wrongProxy("http", engine, new byte[] {0x15, 3, 3, 0, 2, 2, 10}))
                .hasMessageContaining("no HTTP proxy: it speaks TLS");
        assertThat(wrongProxy("http", engine, Bytes.utf8("SSH-2.0-OpenSSH_9.2p1\r\n")))
                .hasMessageContaining("no HTTP proxy: its answer begins with the byte 0x53");
        assertThat(wrongProxy("http", engine, Bytes.utf8("HTT?")))
                .hasMessageContaining("no HTTP proxy: its answer is no HTTP");
    }
}
