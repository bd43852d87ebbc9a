package io.v2ws.cli.probe;

import static io.v2ws.cli.probe.ProbeRig.fact;
import static io.v2ws.cli.probe.ProbeRig.options;
import static io.v2ws.cli.probe.ProbeRig.probe;
import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.TlsOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a probe says a tunnel breaks, and what cannot be known where the far end is no echo. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ProbeFailureTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    /** What a hand-written server does with an upgraded tunnel. */
    private interface Tunnel {
        void serve(RawWebSocketPeer peer) throws IOException;
    }

    private static SocketServer upgrading(Tunnel tunnel) throws IOException {
        return new SocketServer("far-end", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.setTimeoutMillis(0);
            peer.acceptUpgrade();
            tunnel.serve(peer);
        });
    }

    private static SocketServer answering(String answer) throws IOException {
        return new SocketServer("site", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.readRequestHead();
            peer.respond(answer);
        });
    }

    private static SocketServer tls(TestCertificates.Identity identity) throws IOException {
        SSLContext context = CERTIFICATES.contextOf(identity);
        return new SocketServer("tls", socket -> {
            SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            RawWebSocketPeer.accept(secure).acceptUpgrade();
        });
    }

    private static String url(SocketServer server) {
        return "ws://127.0.0.1:" + server.port() + "/t";
    }

    /** Checks that one step failed and nothing behind it was tried. */
    private static Step failedAt(StepName name, ProbeReport report) {
        assertThat(report.hasFailed()).isTrue();
        for (Step step : report.steps()) {
            if (step.name().compareTo(name) > 0) {
                assertThat(step.verdict()).as(step.toString()).isEqualTo(Verdict.NOT_TRIED);
                assertThat(step.summary()).startsWith("not tried: ").contains(name.title() + " failed");
            }
        }
        assertThat(report.step(name).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.step(name).todo()).isNotEmpty();
        return report.step(name);
    }

    @Test
    void anUnknownHostFailsAtDns() throws Exception {
        Step step = failedAt(StepName.DNS, probe("ws://no-such-host.invalid/t"));

        assertThat(step.summary()).contains("no-such-host.invalid");
    }

    @Test
    void aClosedPortFailsAtTcp() throws Exception {
        try (ClosedPort port = new ClosedPort()) {
            Step step = failedAt(StepName.TCP, probe("ws://127.0.0.1:" + port.port() + "/t"));

            assertThat(step.summary()).contains("refused");
            assertThat(step.todo()).contains("nothing listens there");
        }
    }

    @Test
    void aServerThatNeverAnswersFailsAtTheUpgradeWithinTheTime() throws Exception {
        try (SocketServer silent = new SocketServer(
                "silent", socket -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()))) {
            WebSocketTransportOptions options =
                    options().handshakeTimeout(Duration.ofMillis(700)).build();

            Step step = failedAt(StepName.UPGRADE, probe(url(silent), options));

            assertThat(step.todo()).contains("silent");
        }
    }

    @Test
    void aServerThatHangsUpFailsAtTheUpgrade() throws Exception {
        try (SocketServer closing = new SocketServer("closing", Socket::close)) {
            Step step = failedAt(StepName.UPGRADE, probe(url(closing)));

            assertThat(step.summary()).contains("expected 101");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK|Content-Type: text/html|ordinary page",
                "302 Found|Location: https://elsewhere.example/|https://elsewhere.example/",
                "403 Forbidden|Server: cdn|blocks this client",
                "404 Not Found|Server: edge|check path",
                "101 Switching Protocols|Upgrade: h2c|RFC 6455",
            })
    void aRefusalIsShownWithStatusHeadersAndRemedy(String status, String header, String remedy) throws Exception {
        try (SocketServer site = answering("HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: 0\r\n\r\n")) {
            ProbeReport report = probe(url(site));
            Step step = failedAt(StepName.UPGRADE, report);

            assertThat(step.summary()).contains("expected 101").contains(status);
            assertThat(step.todo()).contains(remedy);
            assertThat(TextReport.lines(report))
                    .anyMatch(line -> line.strip().equals(header) || header.contains("h2c"));
        }
    }

    @Test
    void anEndlessHeadIsGivenUp() throws Exception {
        try (SocketServer endless = new SocketServer("endless", socket -> {
            socket.getInputStream().read();
            byte[] line = Bytes.utf8("X-More: " + "x".repeat(1000) + "\r\n");
            socket.getOutputStream().write(Bytes.utf8("HTTP/1.1 101 Switching Protocols\r\n"));
            while (true) {
                socket.getOutputStream().write(line);
            }
        })) {
            failedAt(StepName.UPGRADE, probe(url(endless)));
        }
    }

    @Test
    void aFloodIsDroppedAndEveryStepEnds() throws Exception {
        byte[] frame = new byte[4 + 60_000];
        frame[0] = (byte) 0x82;
        frame[1] = 126;
        frame[2] = (byte) (60_000 >> 8);
        frame[3] = (byte) 60_000;
        try (SocketServer flood = upgrading(peer -> {
            while (true) {
                peer.send(frame);
            }
        })) {
            ProbeReport report = probe(
                    url(flood), options().build(), new ProbeLimits(Duration.ofSeconds(6), 1 << 20, Duration.ZERO));

            assertThat(report.step(StepName.ECHO).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.step(StepName.THROUGHPUT).verdict()).isEqualTo(Verdict.NOT_TRIED);
        }
    }

    @Test
    void aTunnelThatEndsAtOnceFailsAtTheFarEnd() throws Exception {
        try (SocketServer ending = upgrading(peer -> peer.sendClose(1011, ""))) {
            Step step = failedAt(StepName.ECHO, probe(url(ending)));

            assertThat(step.summary()).contains("code 1011").contains("at once");
        }
    }

    @Test
    void aServiceThatSpeaksFirstIsNoEchoAndTheReportSaysWhatCannotBeKnown() throws Exception {
        try (SocketServer ssh = upgrading(peer -> {
            peer.sendBinary(Bytes.utf8("SSH-2.0-hidden\r\n"));
            while (peer.readFrame() != null) {
                // Never echoes.
            }
        })) {
            ProbeReport report = probe(url(ssh));
            String text = String.join("\n", TextReport.lines(report));

            assertThat(report.hasFailed()).isTrue();
            assertThat(report.step(StepName.ECHO).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.step(StepName.EARLY_DATA_IN_HEADER).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.step(StepName.THROUGHPUT).verdict()).isEqualTo(Verdict.NOT_TRIED);
            // This one answers no pings; nothing of the payload is shown.
            assertThat(report.step(StepName.PINGS).verdict()).isEqualTo(Verdict.FAILED);
            assertThat(text)
                    .contains("Cannot be known from here: Far end; Early")
                    .doesNotContain("hidden");
        }
    }

    /** As a vless server does. */
    private static void hangUpOnData(RawWebSocketPeer peer) throws IOException {
        peer.setTimeoutMillis(0);
        RawRequest request = peer.readRequestHead();
        peer.acceptUpgrade(request, List.of());
        RawFrame frame = request.header("Sec-WebSocket-Protocol") == null ? peer.readFrame() : null;
        while (frame != null && frame.opcode() == FrameBytes.PING) {
            peer.sendPong(frame.payload());
            frame = peer.readFrame();
        }
        peer.sendClose(1000, "");
    }

    @Test
    void whoHangsUpOnDataShowsThatEarlyDataArrives() throws Exception {
        try (SocketServer vless = new SocketServer("vless", socket -> hangUpOnData(RawWebSocketPeer.accept(socket)))) {
            ProbeReport report = probe(url(vless));
            Step step = report.step(StepName.EARLY_DATA_IN_HEADER);

            assertThat(fact(report.step(StepName.ECHO), "kind")).isEqualTo("closes");
            assertThat(fact(step, "delivery")).isEqualTo("noticed");
            assertThat(step.verdict()).isEqualTo(Verdict.OK);
            assertThat(fact(report.step(StepName.EARLY_DATA_IN_PATH), "delivery"))
                    .as("the path is not looked at, so nothing is known of it")
                    .isEqualTo("unknown");
            assertThat(report.step(StepName.PINGS).verdict()).isEqualTo(Verdict.OK);
            assertThat(report.hasFailed()).isFalse();
        }
    }

    @Test
    void anAddressThatDropsEverythingFailsAtTcpWithinTheTime() throws Exception {
        List<SocketChannel> filling = new ArrayList<>();
        try (ServerSocket hole = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                filling.add(channel);
                channel.configureBlocking(false);
                channel.connect(hole.getLocalSocketAddress());
            }
            WebSocketTransportOptions options =
                    options().handshakeTimeout(Duration.ofSeconds(1)).build();

            Step step = failedAt(StepName.TCP, probe("ws://127.0.0.1:" + hole.getLocalPort() + "/t", options));

            assertThat(step.summary()).contains("nothing answers");
            assertThat(step.todo()).contains("firewalls");
        } finally {
            for (SocketChannel channel : filling) {
                channel.close();
            }
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsShownWithTheReason() throws Exception {
        try (SocketServer server = tls(CERTIFICATES.server())) {
            Step step = failedAt(
                    StepName.TLS,
                    probe(
                            "wss://localhost:" + server.port() + "/t",
                            TlsOptions.builder().build()));

            assertThat(step.summary()).contains("nobody whom this client trusts has signed it");
            assertThat(step.todo()).contains("--tls-ca");
            assertThat(certificate(step)).containsEntry("subject", "CN=localhost");
        }
    }

    @Test
    void aCertificateForAnotherNameIsShownWithItsNames() throws Exception {
        TlsOptions tls = TlsOptions.builder().caFile(CERTIFICATES.caPem()).build();
        try (SocketServer server = tls(CERTIFICATES.tunnelExample())) {
            Step step = failedAt(StepName.TLS, probe("wss://localhost:" + server.port() + "/t", tls));

            assertThat(step.summary()).contains("localhost");
            assertThat(step.todo()).contains("--server-name");
            assertThat(certificate(step))
                    .containsEntry("names", List.of("tunnel.example", "*.net.tunnel.example", "xn--bcher-kva.example"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> certificate(Step step) {
        return ((List<Map<String, Object>>) fact(step, "certificates")).get(0);
    }

    @Test
    void aPortWithoutTlsIsNamed() throws Exception {
        try (SocketServer plain = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            Step step = failedAt(
                    StepName.TLS,
                    probe(
                            "wss://127.0.0.1:" + plain.port() + "/t",
                            TlsOptions.builder().build()));

            assertThat(step.summary()).contains("expected a TLS handshake");
        }
    }

    @Test
    void trustedTlsIsDescribedAndUnverifiedIsAWarning() throws Exception {
        TlsOptions trusting = TlsOptions.builder().caFile(CERTIFICATES.caPem()).build();
        TlsOptions blind = TlsOptions.builder().insecureSkipVerify(true).build();
        try (SocketServer server = tls(CERTIFICATES.server())) {
            String url = "wss://localhost:" + server.port() + "/t";
            Step trusted = probe(url, trusting).step(StepName.TLS);
            Step unverified = probe(url, blind).step(StepName.TLS);

            assertThat(trusted.verdict()).isEqualTo(Verdict.OK);
            assertThat(trusted.summary()).startsWith("TLSv1.3, no ALPN, certificate trusted");
            assertThat(fact(trusted, "trusted")).isEqualTo(true);
            assertThat((List<?>) fact(trusted, "certificates")).hasSize(2);
            assertThat(unverified.verdict()).isEqualTo(Verdict.WARNING);
            assertThat(fact(unverified, "trusted")).isEqualTo(false);
        }
    }

    @Test
    void linesFitInto80ColumnsWhateverThePeerSends() throws Exception {
        String odd = "X-Long: " + "y".repeat(500) + "\r\nServer: " + "z ".repeat(100);
        try (SocketServer site = answering("HTTP/1.1 503 " + "r".repeat(300) + "\r\n" + odd + "\r\n\r\n")) {
            ProbeReport report = probe(url(site));

            assertThat(TextReport.lines(report)).allMatch(line -> line.length() <= 80);
            assertThat(TextReport.lines(report).stream()
                            .mapToInt(String::length)
                            .max())
                    .hasValue(80);
            assertThat(Arrays.asList(StepName.values())).hasSameSizeAs(report.steps());
        }
    }
}
