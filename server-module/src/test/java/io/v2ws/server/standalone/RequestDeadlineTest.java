package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is slow with a request is cut, who has a tunnel is left alone; with and without TLS. */
@ExtendWith(LeakCheck.class)
class RequestDeadlineTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(600);

    private static TunnelServer.Builder server(Duration handshakeTimeout) {
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path("/t").build();
        return TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                .tunnel(Tunnel.handle(options, new EchoHandler()))
                .handshakeTimeout(handshakeTimeout);
    }

    private static TunnelServer start(Duration handshakeTimeout) throws IOException {
        return server(handshakeTimeout).start();
    }

    private static TunnelServer startTls(Duration handshakeTimeout) throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        return server(handshakeTimeout)
                .tls(identity.certificatePem(), identity.keyPem())
                .start();
    }

    private static RawWebSocketPeer connectTls(TunnelServer server) throws IOException {
        return RawWebSocketPeer.client(
                TestCertificates.get().trustingContext().getSocketFactory().createSocket("127.0.0.1", server.port()));
    }

    /** The first handshake of a JVM may take longer than the deadline of the tests. */
    @BeforeAll
    static void warmUp() throws IOException {
        try (TunnelServer server = startTls(LONG);
                RawWebSocketPeer peer = connectTls(server)) {
            peer.upgrade("/t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /t HTTP/1.1\r\nHost: a\r\nX-Slow: "})
    void aSlowRequestHeadIsCutAtTheDeadlineAndATunnelLivesOn(String begun) throws Exception {
        try (TunnelServer server = start(SHORT);
                RawWebSocketPeer tunnel = RawWebSocketPeer.connect(server.port())) {
            tunnel.upgrade("/t");
            try (RawWebSocketPeer slow = RawWebSocketPeer.connect(server.port())) {
                long start = System.nanoTime();
                slow.send(request(begun));
                assertCut(slow, start);
            }
            assertEchoes(tunnel);
        }
    }

    @Test
    void aByteNowAndThenDoesNotMoveTheDeadline() throws Exception {
        try (TunnelServer server = start(SHORT);
                RawWebSocketPeer slow = RawWebSocketPeer.connect(server.port())) {
            long start = System.nanoTime();
            slow.socket().setSoTimeout(20);
            slow.send(request("GET /t HTTP/1.1\r\nX: "));
            assertThat(drip(slow, start)).isBetween(SHORT, Duration.ofSeconds(5));
        }
    }

    @Test
    void anAnswerThatIsNoTunnelIsTheLastOfItsConnection() throws Exception {
        String visit = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        try (TunnelServer server = start(LONG);
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            visitor.send(request(visit + visit));
            assertThat(visitor.readResponseHead().status()).isEqualTo(404);
            assertThat(visitor.input().readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "begun"})
    void aSlowTlsHandshakeIsCutAtTheDeadline(String begun) throws Exception {
        try (TunnelServer server = startTls(SHORT);
                RawWebSocketPeer slow = RawWebSocketPeer.connect(server.port())) {
            long start = System.nanoTime();
            // The first bytes of a ClientHello of 512 bytes.
            slow.send(begun.isEmpty() ? new byte[0] : new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            assertCut(slow, start);
        }
    }

    @Test
    void aSlowRequestHeadIsCutAtTheDeadlineOverTlsTooAndATunnelLivesOn() throws Exception {
        try (TunnelServer server = startTls(SHORT);
                RawWebSocketPeer tunnel = connectTls(server)) {
            tunnel.upgrade("/t");
            try (RawWebSocketPeer slow = connectTls(server)) {
                long start = System.nanoTime();
                slow.send(request("GET /t HTTP/1.1\r\nX: "));
                assertCut(slow, start);
            }
            assertEchoes(tunnel);
        }
    }

    /** Waits for the end, however it comes, and checks when it came. */
    private static void assertCut(RawWebSocketPeer slow, long start) throws IOException {
        try {
            assertThat(slow.input().read()).isEqualTo(-1);
        } catch (java.net.SocketException | javax.net.ssl.SSLException reset) {
            // As good.
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(SHORT.multipliedBy(2).dividedBy(3), Duration.ofSeconds(5));
    }

    private static Duration drip(RawWebSocketPeer slow, long start) throws IOException {
        while (true) {
            try {
                slow.send(request("x"));
                assertThat(slow.input().read()).isEqualTo(-1);
                return Duration.ofNanos(System.nanoTime() - start);
            } catch (java.net.SocketTimeoutException stillOpen) {
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            } catch (java.net.SocketException cut) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
        }
    }

    private static void assertEchoes(RawWebSocketPeer tunnel) throws IOException {
        byte[] sent = Bytes.random(7, 1000);
        tunnel.sendBinary(sent);
        assertThat(Arrays.equals(tunnel.readBinary(sent.length), sent)).isTrue();
    }

    private static byte[] request(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A site that every visitor sees. */
    private static final class Site extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream().print("site");
        }
    }

    private static void assertSite(RawWebSocketPeer visitor) throws IOException {
        RawResponse page = visitor.handshake(RawHandshake.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertThat(visitor.readBody(page)).isEqualTo("site");
    }

    @Test
    void eachHeadOnAConnectionThatStaysOpenHasItsOwnDeadline() throws Exception {
        try (TunnelServer server = server(SHORT).site(new Site()).start();
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 2 * SHORT.toNanos()) {
                assertSite(visitor);
            }
            visitor.send("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            start = System.nanoTime();
            visitor.expectEof();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.dividedBy(2), LONG);
        }
    }

    @Test
    void tunnelBehindAPageOnTheSameConnectionHasNoDeadline() throws Exception {
        try (TunnelServer server = server(SHORT).site(new Site()).start();
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            assertSite(visitor);
            visitor.upgrade("/t");
            long start = System.nanoTime();
            while (System.nanoTime() - start < 3 * SHORT.toNanos()) {
                visitor.sendBinary(Bytes.utf8("echo"));
                assertThat(visitor.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
            }
        }
    }
}
