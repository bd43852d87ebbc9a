package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.testing.Background;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHttpProxy;
import io.v2ws.testing.TestCertificates;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;

/** What a listener hears of a handshake, step by step. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class HandshakeListenerTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private final Heard heard = new Heard();

    /** Each call as a line. */
    private static final class Heard implements HandshakeListener {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void onLookup(String host) {
            lines.add("lookup " + host);
        }

        @Override
        public void onResolved(List<InetSocketAddress> addresses) {
            lines.add("resolved " + addresses.get(0).getAddress().getHostAddress());
        }

        @Override
        public void onConnecting(InetSocketAddress address) {
            lines.add("connecting " + address.getAddress().getHostAddress());
        }

        @Override
        public void onConnectFailed(InetSocketAddress address, Throwable cause) {
            lines.add("failed " + cause.getMessage());
        }

        @Override
        public void onConnected() {
            lines.add("connected");
        }

        @Override
        public void onDistrusted(List<X509Certificate> chain, CertificateException cause) {
            lines.add("distrusted " + chain.get(0).getSubjectX500Principal() + " " + chain.size());
        }

        @Override
        public void onSecured(SSLSession session, String alpn) {
            lines.add("secured " + session.getProtocol() + " " + alpn);
        }

        @Override
        public void onAnswer(int status, String reason, Map<String, List<String>> headers) {
            lines.add("answer " + status + " " + reason + " " + headers.get("X-Seen"));
        }
    }

    private WebSocketTransportClient client(String url, WebSocketEngine engine) throws Exception {
        return fixture.keep(
                fixture.builder(url).engine(engine).handshakeListener(heard).build());
    }

    @ParameterizedTest
    @JettyEngines
    void anUpgradeIsToldFromTheLookupToTheHeadersOfTheAnswer(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<?> connecting = client(server.url() + "/t", engine).connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of("X-Seen: one", "X-Seen: two"));
        Streams.get(connecting);

        assertThat(heard.lines)
                .containsExactly(
                        "lookup 127.0.0.1",
                        "resolved 127.0.0.1",
                        "connecting 127.0.0.1",
                        "connected",
                        "answer 101 Switching Protocols [one, two]");
    }

    @Test
    void aListenerLeavesTheResolverOfTheClientInPlace() throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        HandshakeListener listener = new HandshakeListener() {
            @Override
            public void onLookup(String host) {
                threads.add(Thread.currentThread());
            }

            @Override
            public void onResolved(List<InetSocketAddress> addresses) {
                threads.add(Thread.currentThread());
            }
        };
        PeerServer server = fixture.server();
        fixture.keep(fixture.builder(server.url()).handshakeListener(listener).build())
                .connect();
        server.acceptRequest();

        // The client's resolver answers for an address literal at once; Jetty's own changes to another thread.
        assertThat(threads).hasSize(2);
        assertThat(threads.get(1)).isSameAs(threads.get(0));
    }

    @ParameterizedTest
    @JettyEngines
    void aRefusalIsToldWithItsHeaders(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<?> connecting = client(server.url() + "/t", engine).connect();
        server.acceptRequest().peer().respond("HTTP/1.1 403 Go away\r\nX-Seen: here\r\nContent-Length: 0\r\n\r\n");
        Streams.failureOf(connecting);

        assertThat(heard.lines).endsWith("answer 403 Go away [here]").hasSize(5);
    }

    @Test
    void tlsIsToldBetweenTcpAndTheAnswer() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("wss://localhost:" + server.port())
                .dial(new HostAndPort("127.0.0.1", server.port()))
                .tls(TlsOptions.builder().caFile(CERTIFICATES.caPem()).build())
                .handshakeListener(heard)
                .build());
        CompletableFuture<?> connecting = client.connect();
        TlsServer.Hello hello = new TlsServer(CERTIFICATES.server()).handshake(server.acceptSocket());
        hello.peer().acceptUpgrade(PeerServer.request(hello.peer()).request(), List.of());
        Streams.get(connecting);

        assertThat(heard.lines)
                .endsWith("connected", "secured TLSv1.3 http/1.1", "answer 101 Switching Protocols null");
    }

    @Test
    void certificatesThatTheJvmDoesNotTrustAreTold() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder("wss://localhost:" + server.port())
                .dial(new HostAndPort("127.0.0.1", server.port()))
                .handshakeListener(heard)
                .build());
        CompletableFuture<?> connecting = client.connect();
        Socket socket = server.acceptSocket();
        Background.run(() -> {
            try {
                new TlsServer(CERTIFICATES.server()).handshake(socket);
            } catch (java.io.IOException refused) {
                // By the client.
            }
        });
        Streams.failureOf(connecting);

        assertThat(heard.lines).endsWith("distrusted CN=localhost 2");
    }

    @Test
    void anAddressThatRefusesIsTold() throws Exception {
        try (ClosedPort port = new ClosedPort()) {
            Streams.failureOf(client("ws://127.0.0.1:" + port.port(), WebSocketEngine.DIRECT)
                    .connect());
        }
        assertThat(heard.lines).endsWith("connecting 127.0.0.1", "failed Connection refused");
    }

    @Test
    void throughAProxyLookupAndTcpAreTheProxys() throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        WebSocketTransportClient client = fixture.keep(fixture.builder("ws://127.0.0.1:" + server.port())
                .proxy("http://localhost:" + proxy.port())
                .handshakeListener(heard)
                .build());
        CompletableFuture<?> connecting = client.connect();
        server.acceptUpgrade();
        Streams.get(connecting);

        assertThat(heard.lines).startsWith("lookup localhost").endsWith("answer 101 Switching Protocols null");
        assertThat(heard.lines).filteredOn("connected"::equals).hasSize(1);
    }
}
