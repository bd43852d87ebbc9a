package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.FullBacklog;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.ResettingService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a tunnel reaches its TCP service, and what the client sees when it does not. */
@ExtendWith(LeakCheck.class)
class TcpForwarderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String EARLY = ForwardingServer.PATH + "aGVsbG8";

    private static final String UNKNOWN = "no-such-host.invalid";

    private static byte[] frame(RawWebSocketPeer peer, String text) {
        return peer.frame(2, Bytes.utf8(text)).bytes();
    }

    @Test
    void bytesGoBothWays() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port());
                RawWebSocketPeer peer = server.open()) {
            byte[] bytes = Bytes.random(1, 300_000);
            peer.sendBinary(bytes);
            assertThat(peer.readBinary(bytes.length)).isEqualTo(bytes);
            peer.sendClose(1000, "");
            peer.expectClose(1000);
            peer.expectEof();
        }
    }

    @Test
    void earlyDataIsWhatTheServiceReadsFirst() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open(EARLY)) {
            await().until(() -> upstream.received().equals("hello"));
            peer.send(frame(peer, " wor"), frame(peer, "ld"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).isEqualTo("hello world");
        }
    }

    @Test
    void longEarlyDataAndTheFrameBehindItArriveWhole() throws Exception {
        byte[] early = Bytes.random(3, 2_048);
        byte[] rest = Bytes.random(4, 200_000);
        String target =
                ForwardingServer.PATH + Base64.getUrlEncoder().withoutPadding().encodeToString(early);
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port());
                RawWebSocketPeer peer = server.open(target)) {
            peer.sendBinary(rest);
            assertThat(peer.readBinary(early.length + rest.length)).isEqualTo(Bytes.concat(early, rest));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void serviceThatSpeaksFirstIsHeard() throws Exception {
        try (EchoUpstream ssh = EchoUpstream.banner(Bytes.utf8("SSH-2.0-test\r\n"));
                ForwardingServer server = ForwardingServer.to(ssh.port());
                RawWebSocketPeer peer = server.open()) {
            assertThat(peer.readBinary(14)).isEqualTo(Bytes.utf8("SSH-2.0-test\r\n"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void s6_undecodableEarlyDataIsNotForwarded() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port())) {
            assertThatThrownBy(() -> server.open(ForwardingServer.PATH + "!"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("400 Bad Request");
            server.open().close();
            await().until(() -> echo.acceptedConnections() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ForwardingServer.PATH, EARLY})
    void refusedConnectionClosesWith1011AndIsLogged(String target) throws Exception {
        try (ClosedPort closed = new ClosedPort();
                CapturedLog log = new CapturedLog();
                ForwardingServer server = ForwardingServer.to(closed.port());
                RawWebSocketPeer peer = server.open(target)) {
            assertRefused(peer);
            assertThat(log.text())
                    .containsPattern("WARN io.v2ws.server.TcpForwarder - Tunnel from 127.0.0.1:\\d+ refused: .*"
                            + "127.0.0.1:" + closed.port() + "\\b");
        }
    }

    /** Most of the resets come before the server has seen that it is connected. */
    @Test
    void serviceThatResetsAtOnceIsADisconnectAndNoWarning() throws Exception {
        try (ResettingService service = new ResettingService();
                CapturedLog log = new CapturedLog();
                ForwardingServer server = ForwardingServer.to(service.port())) {
            for (int i = 0; i < 50; i++) {
                try (RawWebSocketPeer peer = server.open(EARLY)) {
                    assertRefused(peer);
                }
            }
            assertThat(log.text()).doesNotContain("WARN", "ERROR");
        }
    }

    @Test
    void unknownHostClosesWith1011AndIsLogged() throws Exception {
        try (CapturedLog log = new CapturedLog();
                ForwardingServer server = ForwardingServer.to(new HostAndPort(UNKNOWN, 80), PATIENCE);
                RawWebSocketPeer peer = server.open(EARLY)) {
            assertRefused(peer);
            assertThat(log.text())
                    .containsPattern("WARN io.v2ws.server.TcpForwarder - Tunnel from .* refused: .*" + UNKNOWN);
        }
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "Linux drops a SYN for a full queue, other systems refuse it")
    @Test
    void serviceThatDoesNotAnswerClosesWith1011WithinTheTimeout() throws Exception {
        Duration timeout = Duration.ofMillis(500);
        try (FullBacklog silent = new FullBacklog();
                CapturedLog log = new CapturedLog();
                ForwardingServer server = ForwardingServer.to(new HostAndPort("127.0.0.1", silent.port()), timeout);
                RawWebSocketPeer peer = server.open(EARLY)) {
            long start = System.nanoTime();
            peer.setTimeoutMillis(5_000);
            assertRefused(peer);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(timeout.minusMillis(150), timeout.plusSeconds(2));
            assertThat(log.text()).containsPattern("refused: .*127.0.0.1:" + silent.port() + "\\b");
        }
    }

    /** In a JVM of its own, because only at its start a JVM can be told what a name means. */
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs 127.0.0.2 on the loopback interface")
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.0.0.2 127.0.0.1", "::1 127.0.0.1", "127.0.0.2 ::1 127.0.0.1", "127.0.0.1 ::1"})
    void everyAddressOfANameIsTried(String addresses, @TempDir Path directory) throws Exception {
        Path hosts = directory.resolve("hosts");
        Files.write(
                hosts,
                Stream.of(addresses.split(" "))
                        .map(one -> one + " service.test")
                        .toList());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-Djava.net.preferIPv6Addresses=" + addresses.startsWith("::1"),
                "-cp",
                System.getProperty("java.class.path"),
                ForwardByName.class.getName(),
                "service.test"));
        command.addAll(List.of(addresses.split(" ")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(directory.resolve("output")).content().contains("echoed: hello");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The peer sees the code and no reason: what is behind the server is nobody's business. */
    private static void assertRefused(RawWebSocketPeer peer) throws Exception {
        RawFrame close = peer.expectClose(1011);
        assertThat(close.closeReason()).isEmpty();
        peer.sendClose(1011, "");
        peer.expectEof();
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "Linux drops a SYN for a full queue, other systems refuse it")
    @Test
    void clientThatIsGoneBeforeTheServiceAnsweredLeavesNothingBehind() throws Exception {
        try (FullBacklog silent = new FullBacklog();
                ForwardingServer server =
                        ForwardingServer.to(new HostAndPort("127.0.0.1", silent.port()), Duration.ofMillis(500))) {
            long before = LeakCheck.openSockets();
            server.open(EARLY).reset();
            server.open().close();
            await().untilAsserted(() -> assertThat(LeakCheck.openSockets()).isEqualTo(before));
        }
    }

    @Test
    void nextTunnelWorksWhenOneWasRefused() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                ClosedPort closed = new ClosedPort();
                ForwardingServer refusing = ForwardingServer.to(closed.port());
                ForwardingServer server = ForwardingServer.to(echo.port());
                RawWebSocketPeer refused = refusing.open();
                RawWebSocketPeer peer = server.open(EARLY)) {
            assertRefused(refused);
            assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void connectTimeoutHasToBeMoreThanZero() {
        TcpConnector connector = new TcpConnector();
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
            assertThatThrownBy(() -> new TcpForwarder(
                            connector,
                            new HostAndPort("127.0.0.1", 1),
                            ForwardingServer.options().build(),
                            wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("connectTimeout");
        }
    }
}
