package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The other fixtures, each used once. */
@ExtendWith(LeakCheck.class)
class FixturesTest {

    @Test
    void jettyServesTheSiteAndItsFilters() throws Exception {
        Filter marking = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("X-Filter", "seen");
            chain.doFilter(request, response);
        };
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                .contextPath("/app")
                .filter(marking)
                .configureHttp(http -> http.setSendServerVersion(false))
                .start()) {
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                RawResponse response = peer.handshake(RawHandshake.to("/app/%61?q=1"));
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("x-filter")).isEqualTo("seen");
                assertThat(response.header("Server")).isNull();
                assertThat(peer.readBody(response)).isEqualTo("site:/app/%61");
            }
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
        }
    }

    @Test
    void tlsServerIsTrustedForItsNameOnly() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                .tls(certificates.server().keyStore(), TestCertificates.PASSWORD)
                .start()) {
            try (RawWebSocketPeer peer = RawWebSocketPeer.client(tlsSocket(jetty, "localhost"))) {
                assertThat(peer.readBody(peer.handshake(RawHandshake.to("/x")))).isEqualTo("site:/x");
            }
            assertThatThrownBy(() -> tlsSocket(jetty, "tunnel.example")).isInstanceOf(SSLHandshakeException.class);
        }
        assertThat(certificates.client().keyPem()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
        certificates.client().certificate().verify(authorityKey(certificates));
    }

    private static PublicKey authorityKey(TestCertificates certificates) throws Exception {
        try (var pem = Files.newInputStream(certificates.caPem())) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(pem)
                    .getPublicKey();
        }
    }

    private static Socket tlsSocket(EmbeddedJetty jetty, String name) throws IOException {
        Socket plain = Sockets.connect(jetty.address(), 0);
        SSLSocket socket = (SSLSocket) TestCertificates.get()
                .trustingContext()
                .getSocketFactory()
                .createSocket(plain, name, jetty.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void upstreamsEchoGreetDiscardAndSend() throws Exception {
        try (EchoUpstream banner = EchoUpstream.banner(Bytes.utf8("hi "));
                EchoUpstream discard = EchoUpstream.discard();
                EchoUpstream source = EchoUpstream.source(7, 100_001)) {
            assertThat(Bytes.utf8(talk(banner.address(), "you"))).isEqualTo("hi you");
            assertThat(talk(discard.address(), "gone")).isEmpty();
            assertThat(discard.receivedBytes()).isEqualTo(4);
            byte[] sent = talk(source.address(), "");
            assertThat(sent).isEqualTo(Bytes.random(7, 100_001));
            assertThat(Bytes.sha256(Bytes.randomStream(7, 100_001))).isEqualTo(Bytes.sha256(sent));
            assertThat(source.acceptedConnections()).isEqualTo(1);
        }
    }

    @Test
    void stalledUpstreamReadsWhenItMay() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.stalled(4096);
                RawWebSocketPeer peer = RawWebSocketPeer.connect(upstream.port())) {
            peer.send(Bytes.utf8("later"));
            peer.setTimeoutMillis(100);
            assertThatThrownBy(peer.input()::read).isInstanceOf(SocketTimeoutException.class);
            peer.setTimeoutMillis(Sockets.TIMEOUT_MILLIS);
            upstream.resume();
            assertThat(peer.input().readNBytes(5)).isEqualTo(Bytes.utf8("later"));
        }
    }

    @Test
    void resetAllResets() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                DelayingRelay relay = new DelayingRelay(echo.address(), Duration.ofMillis(1));
                Socket socket = Sockets.connect(relay.address(), 0)) {
            await().until(() -> echo.liveSockets().size() == 1);
            echo.resetAll();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            await().until(() -> echo.liveSockets().isEmpty());
        }
    }

    @Test
    void relayDelaysBothWaysAndKeepsOrder() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                DelayingRelay relay = new DelayingRelay(echo.address(), Duration.ofMillis(50))) {
            long start = System.nanoTime();
            String text = "x".repeat(100_000) + "end";
            assertThat(Bytes.utf8(talk(relay.address(), text))).isEqualTo(text);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void relayChargesForTheHandshakeOfAFreshConnection() throws Exception {
        Duration delay = Duration.ofMillis(50);
        try (EchoUpstream echo = EchoUpstream.echo();
                DelayingRelay relay = DelayingRelay.withHandshake(echo.address(), delay);
                Socket socket = Sockets.connect(relay.address(), 0)) {
            // Two round trips for the first exchange, one for those that follow, however slow the machine is at times.
            assertThat(echoTime(socket)).isGreaterThanOrEqualTo(delay.multipliedBy(4));
            await().until(() -> echoTime(socket).compareTo(delay.multipliedBy(4)) < 0);
        }
    }

    private static Duration echoTime(Socket socket) throws IOException {
        long start = System.nanoTime();
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void closedPortRefuses() throws Exception {
        try (ClosedPort port = new ClosedPort()) {
            assertThatThrownBy(() -> Sockets.connect(port.address(), 0)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void httpProxyConnectsThoseWithCredentials() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                RawHttpProxy proxy = new RawHttpProxy("me", "secret");
                RawWebSocketPeer peer = RawWebSocketPeer.connect(proxy.port())) {
            proxy.route("tunnel.example:443", echo.address());
            String connect = "CONNECT tunnel.example:443 HTTP/1.1\r\nHost: tunnel.example:443\r\n";
            RawResponse refused = peer.handshake(RawHandshake.raw(connect + "\r\n"));
            assertThat(refused.status()).isEqualTo(407);
            assertThat(refused.header("Proxy-Authenticate")).startsWith("Basic");
            String authorization = "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n";
            RawResponse accepted = peer.handshake(RawHandshake.raw(connect + authorization + "\r\n"), Bytes.utf8("hi"));
            assertThat(accepted.status()).isEqualTo(200);
            peer.shutdownOutput();
            assertThat(Bytes.utf8(peer.input().readAllBytes())).isEqualTo("hi");
            assertThat(proxy.targets()).containsExactly("tunnel.example:443");
        }
    }

    @Test
    void socksProxyConnectsThoseWithCredentials() throws Exception {
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("me", "secret".toCharArray());
            }
        });
        try (EchoUpstream echo = EchoUpstream.echo();
                RawSocks5Proxy proxy = new RawSocks5Proxy("me", "secret");
                Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, proxy.address()))) {
            proxy.route("tunnel.example:443", echo.address());
            socket.setSoTimeout(Sockets.TIMEOUT_MILLIS);
            socket.connect(InetSocketAddress.createUnresolved("tunnel.example", 443));
            socket.getOutputStream().write(5);
            assertThat(new DataInputStream(socket.getInputStream()).readByte()).isEqualTo((byte) 5);
            assertThat(proxy.targets()).containsExactly("tunnel.example:443");
        } finally {
            Authenticator.setDefault(null);
        }
    }

    @Test
    void openSocketsAreCounted() throws Exception {
        long before = LeakCheck.openSockets();
        try (ClosedPort port = new ClosedPort()) {
            assertThat(port.port()).isPositive();
            assertThat(LeakCheck.openSockets()).isEqualTo(before + 1);
            assertThat(LeakCheck.openDescriptors()).isGreaterThan(before);
        }
    }

    private static byte[] talk(InetSocketAddress address, String text) throws IOException {
        try (Socket socket = Sockets.connect(address, 0)) {
            socket.getOutputStream().write(Bytes.utf8(text));
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }
}
