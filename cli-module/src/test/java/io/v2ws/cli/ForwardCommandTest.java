package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code v2ws forward} and {@code v2ws serve}, each a process. */
class ForwardCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"direct", "jetty"})
    void bytesGoThroughBothProcessesAndHalfCloseToo(String engine) throws Exception {
        byte[] sent = Bytes.random(3, 3_000_000);
        try (EchoUpstream upstream = EchoUpstream.echo();
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--forward=127.0.0.1:" + upstream.port(),
                        "--engine=" + engine);
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--engine=" + engine,
                        "--listen=127.0.0.1:0",
                        "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
            try (Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                Thread writer = new Thread(() -> {
                    try {
                        socket.getOutputStream().write(sent);
                        socket.shutdownOutput();
                    } catch (java.io.IOException x) {
                        throw new java.io.UncheckedIOException(x);
                    }
                });
                writer.start();
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
                writer.join();
            }
            assertThat(forward.terminate().exitCode()).isZero();
            assertThat(forward.stderr()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void aFileGivesTlsAndHeaderEarlyDataToBothEnds() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        String transport = "{\"type\": \"ws\", \"path\": \"/t\", \"max_early_data\": 2048,"
                + " \"early_data_header_name\": \"Sec-WebSocket-Protocol\"}";
        Path serverFile = Files.writeString(
                folder.resolve("serve.json"),
                "{\"listen\": \"127.0.0.1:0\", \"tls_cert\": \"%s\", \"tls_key\": \"%s\", \"transport\": %s}"
                        .formatted(
                                certificates.server().certificatePem(),
                                certificates.server().keyPem(),
                                transport));
        try (CliProcess serve = CliProcess.start("serve", "--config=" + serverFile)) {
            int port = serve.awaitPort();
            serve.awaitError(Pattern.compile("\\(wss\\)"));
            Path clientFile = Files.writeString(
                    folder.resolve("forward.json"),
                    "{\"listen\": \"127.0.0.1:0\", \"url\": \"wss://localhost:%d\", \"dial\": \"127.0.0.1:%d\","
                                    .formatted(port, port)
                            + " \"tls_ca\": \"%s\", \"transport\": %s}".formatted(certificates.caPem(), transport));
            try (CliProcess forward = CliProcess.start("forward", "--config=" + clientFile);
                    Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                socket.getOutputStream().write(Bytes.utf8("early"));
                InputStream in = socket.getInputStream();
                assertThat(in.readNBytes(5)).isEqualTo(Bytes.utf8("early"));
            }
        }
    }

    @Test
    void aLinkGivesAddressTlsNameAndTransportAndAnInboundThoseOfTheServer() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        Path inbound = Files.writeString(folder.resolve("xray.json"), """
                {"inbounds": [{"tag": "in", "listen": "127.0.0.1", "port": 1, "protocol": "vless",
                  "settings": {"clients": [{"id": "topsecret"}]},
                  "streamSettings": {"network": "ws", "security": "tls",
                    "tlsSettings": {"certificates": [{"certificateFile": "%s", "keyFile": "%s"}]},
                    "wsSettings": {"path": "/t", "host": "front.example"}}}]}""".formatted(
                certificates.server().certificatePem(), certificates.server().keyPem()));
        try (CliProcess serve =
                CliProcess.start("serve", "--listen=127.0.0.1:0", "--transport=" + inbound, "--tag=in")) {
            int port = serve.awaitPort();
            serve.awaitError(Pattern.compile("\\(wss\\)"));
            String link = "trojan://topsecret@127.0.0.1:" + port
                    + "?type=ws&security=tls&sni=localhost&host=front.example&path=%2Ft%3Fed%3D2048";
            try (CliProcess forward = CliProcess.start(
                            "forward", "--listen=127.0.0.1:0", "--tls-ca=" + certificates.caPem(), link);
                    Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(Bytes.utf8("early"));
                assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("early"));
                forward.terminate().exitCode();
                assertThat(forward.stderr())
                        .contains("the trojan account is not used", "early data in Sec-WebSocket-Protocol")
                        .doesNotContain("topsecret");
            }
            assertThat(serve.stderr()).contains("/t -> echo, for front.example").doesNotContain("topsecret");
        }
    }

    @Test
    void aServerThatSpeaksFirstIsHeardInSpiteOfEarlyData() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.banner(Bytes.utf8("SSH-2.0"));
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--max-early-data=64",
                        "--forward=127.0.0.1:" + upstream.port());
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--listen=127.0.0.1:0",
                        "--max-early-data=64",
                        "--server-first-wait=50ms",
                        "ws://127.0.0.1:" + serve.awaitPort() + "/t");
                Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().readNBytes(7)).isEqualTo(Bytes.utf8("SSH-2.0"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void c8_whereTheServerSpokeFirstTheNextTunnelUpgradesAtOnceUnlessSaidOtherwise(boolean learning) throws Exception {
        BlockingQueue<String> targets = new LinkedBlockingQueue<>();
        List<String> command = new ArrayList<>(
                List.of("forward", "--listen=127.0.0.1:0", "--max-early-data=64", "--server-first-wait=500ms"));
        if (!learning) {
            command.add("--no-server-first-learning");
        }
        try (SocketServer server = new SocketServer("ws-server", connection -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(connection);
            targets.add(peer.acceptUpgrade().target());
            peer.sendBinary(Bytes.utf8("220"));
            peer.readFrame();
        })) {
            command.add("ws://127.0.0.1:" + server.port() + "/t");
            try (CliProcess forward = CliProcess.start(command.toArray(String[]::new))) {
                int port = forward.awaitPort();
                try (Socket silent = new Socket("127.0.0.1", port)) {
                    assertThat(silent.getInputStream().readNBytes(3)).isEqualTo(Bytes.utf8("220"));
                    assertThat(targets.take()).isEqualTo("/t");
                }
                try (Socket speaks = new Socket("127.0.0.1", port)) {
                    speaks.getOutputStream().write('x');
                    assertThat(speaks.getInputStream().readNBytes(3)).isEqualTo(Bytes.utf8("220"));
                    assertThat(targets.take()).isEqualTo(learning ? "/t" : "/teA");
                }
            }
        }
    }

    @Test
    void aRefusedTunnelIsOneLineAndTheListeningGoesOn() throws Exception {
        try (CliProcess serve = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t");
                CliProcess forward = CliProcess.start(
                        "forward", "--listen=127.0.0.1:0", "ws://127.0.0.1:" + serve.awaitPort() + "/wrong")) {
            int port = forward.awaitPort();
            for (int i = 0; i < 2; i++) {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.getInputStream().readAllBytes();
                } catch (java.net.SocketException reset) {
                    // That is how a refusal is passed on.
                }
            }
            forward.awaitError(Pattern.compile("(?s)WARN.*404.*WARN.*404"));
            assertThat(forward.stderr()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void connectionsKeptReadyCarryTunnelsAlthoughTheServerClosesThemAgainAndAgain() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        Path file = Files.writeString(
                folder.resolve("forward.json"), "{\"preconnect\": 2, \"preconnect_max_age\": \"1m\"}");
        try (CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--max-early-data=64",
                        "--handshake-timeout=2500ms",
                        "--tls-cert=" + certificates.server().certificatePem(),
                        "--tls-key=" + certificates.server().keyPem());
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--verbose",
                        "--config=" + file,
                        "--listen=127.0.0.1:0",
                        "--max-early-data=64",
                        "--tls-ca=" + certificates.caPem(),
                        "wss://localhost:" + serve.awaitPort() + "/t")) {
            int port = forward.awaitPort();
            for (int closed = 1; closed <= 3; closed++) {
                forward.awaitError(Pattern.compile("(?s)" + "closed by the far end.*".repeat(closed)));
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write(Bytes.utf8("early"));
                    assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("early"));
                }
            }
            assertThat(forward.terminate().exitCode()).isZero();
            assertThat(forward.stderr()).doesNotContain("WARN", "Exception", "\tat ");
        }
    }

    @Test
    void howManyToKeepReadyIsBounded() throws Exception {
        try (CliProcess forward =
                CliProcess.start("forward", "--listen=127.0.0.1:0", "--preconnect=65", "ws://127.0.0.1:1/t")) {
            assertThat(forward.exitCode()).isEqualTo(2);
            assertThat(forward.stderr()).contains("preconnect: expected 0 to 64, got 65");
        }
    }

    @Test
    void f5_aStopTellsTheTunnelsByClose1001AndResetsTheLocalConnectionsBehindWhatArrived() throws Exception {
        int connections = 4;
        BlockingQueue<String> peers = new LinkedBlockingQueue<>();
        try (SocketServer server = new SocketServer("endless", socket -> endless(socket, peers));
                CliProcess forward =
                        CliProcess.start("forward", "--listen=127.0.0.1:0", "ws://127.0.0.1:" + server.port() + "/t")) {
            int port = forward.awaitPort();
            List<CompletableFuture<String>> programs = new ArrayList<>();
            AtomicLong received = new AtomicLong();
            for (int i = 0; i < connections; i++) {
                programs.add(Background.supply(() -> readAll(port, received)));
            }
            await().until(() -> received.get() > 10_000_000);
            assertThat(forward.terminate().exitCode()).isZero();
            for (CompletableFuture<String> program : programs) {
                assertThat(program.get(10, TimeUnit.SECONDS)).isEqualTo("Connection reset");
            }
            for (int i = 0; i < connections; i++) {
                assertThat(peers.poll(10, TimeUnit.SECONDS)).isEqualTo("close 1001");
            }
            assertThat(forward.stderr()).doesNotContain("Exception", "\tat ");
        }
    }

    /** Sends without end; tells how the peer ends. */
    private static void endless(Socket socket, BlockingQueue<String> ends) throws IOException {
        RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
        peer.acceptUpgrade();
        CompletableFuture<Void> sending = Background.run(() -> {
            try {
                while (true) {
                    peer.sendBinary(new byte[64 * 1024]);
                }
            } catch (IOException ended) {
                // By the end of the tunnel.
            }
        });
        RawFrame frame = peer.readFrame();
        ends.add(frame == null ? "end" : "close " + frame.closeCode());
        peer.close();
        sending.join();
    }

    private static String readAll(int port, AtomicLong received) {
        byte[] buffer = new byte[64 * 1024];
        try (Socket socket = new Socket("127.0.0.1", port)) {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                received.addAndGet(count);
            }
            return "end";
        } catch (IOException x) {
            return x.getMessage();
        }
    }

    /** How a process ends. */
    private enum Stop {
        KILLED,
        TERMINATED,
        /** While the reset is held back, which is what an impatient service manager does. */
        TERMINATED_AND_THEN_KILLED
    }

    @ParameterizedTest
    @EnumSource
    void f5_aDownloadThatTheEndOfTheProcessCutsIsAResetForTheLocalProgram(Stop stop) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--listen=127.0.0.1:0",
                        "--reset-delay=" + (stop == Stop.TERMINATED ? "500ms" : "60s"),
                        "ws://127.0.0.1:" + listening.getLocalPort() + "/t");
                Socket local = new Socket(InetAddress.getLoopbackAddress(), forward.awaitPort());
                RawWebSocketPeer peer = RawWebSocketPeer.accept(listening.accept())) {
            local.setSoTimeout(20_000);
            peer.acceptUpgrade();
            peer.sendBinary(Bytes.utf8("half"));
            assertThat(local.getInputStream().readNBytes(4)).isEqualTo(Bytes.utf8("half"));
            if (stop != Stop.KILLED) {
                forward.terminate();
                peer.expectClose(1001);
            }
            if (stop != Stop.TERMINATED) {
                ProcessHandle.of(forward.pid()).orElseThrow().destroyForcibly();
            }
            assertThatThrownBy(() -> local.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void f5_aStopWaitsAsLongAsTheOptionsSay() {
        assertThat(ServiceRunner.longestClose(List.of(
                        WebSocketTransportOptions.defaults(),
                        WebSocketTransportOptions.builder()
                                .closeWriteTimeout(Duration.ofSeconds(7))
                                .closeTimeout(Duration.ofSeconds(3))
                                .resetDelay(Duration.ofSeconds(60))
                                .build())))
                .isBetween(Duration.ofSeconds(70), Duration.ofSeconds(90));
    }
}
