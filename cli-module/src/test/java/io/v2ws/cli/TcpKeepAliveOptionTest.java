package io.v2ws.cli;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.KeepAliveTimers;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TCP keepalive of the command's connections, as the kernel has it. */
class TcpKeepAliveOptionTest {
    private static final byte[] BANNER = Bytes.utf8("hello");

    @TempDir
    private Path folder;

    @BeforeEach
    void onLinux() {
        assumeTrue(KeepAliveTimers.canBeRead(), "needs /proc/net/tcp of Linux");
    }

    private interface Timers {
        List<Duration> read() throws Exception;
    }

    private static void assertOneTimer(Timers timers, long fromSeconds, long toSeconds) {
        await().untilAsserted(() -> assertThat(timers.read())
                .singleElement(as(InstanceOfAssertFactories.DURATION))
                .isBetween(Duration.ofSeconds(fromSeconds), Duration.ofSeconds(toSeconds)));
    }

    private static void awaitBanner(int port, Runnable then) throws Exception {
        try (Socket local = new Socket("127.0.0.1", port)) {
            assertThat(local.getInputStream().readNBytes(BANNER.length)).isEqualTo(BANNER);
            then.run();
        }
    }

    @Test
    void theOptionHoldsForAllConnectionsOfServeAndForward() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.banner(BANNER);
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--forward=127.0.0.1:" + upstream.port(),
                        "--tcp-keepalive=1000s,7s,3");
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--listen=127.0.0.1:0",
                        "ws://127.0.0.1:" + serve.awaitPort() + "/t",
                        "--tcp-keepalive=2000s")) {
            int port = forward.awaitPort();
            awaitBanner(port, () -> {
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(upstream.port()), 900, 1000);
                assertOneTimer(() -> KeepAliveTimers.ofLocalPort(serve.awaitPort()), 900, 1000);
                assertOneTimer(() -> KeepAliveTimers.ofLocalPort(port), 1900, 2000);
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(serve.awaitPort()), 1900, 2000);
            });
        }
    }

    @Test
    void filesSayItAndTheCommandLineWins() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.banner(BANNER);
                CliProcess serve =
                        CliProcess.start("serve", "--config=" + file("serve.json", """
                        {"listen": "127.0.0.1:0", "forward": "127.0.0.1:%d", "tcp_keepalive_idle": "1000s",
                         "transport": {"type": "ws", "path": "/t"}}""".formatted(upstream.port())));
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--config=" + file("forward.json", """
                        {"listen": "127.0.0.1:0", "url": "ws://127.0.0.1:%d/t", "tcp_keepalive_idle": "2000s"}""".formatted(serve.awaitPort())),
                        "--tcp-keepalive=off")) {
            int port = forward.awaitPort();
            awaitBanner(port, () -> {
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(upstream.port()), 900, 1000);
                assertOneTimer(() -> KeepAliveTimers.ofLocalPort(serve.awaitPort()), 900, 1000);
                assertOneTimer(() -> KeepAliveTimers.ofLocalPort(port), 0, 0);
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(serve.awaitPort()), 0, 0);
            });
        }
    }

    @Test
    void theOptionHoldsForTheConnectionOfStdio() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout(20_000);
            int port = listening.getLocalPort();
            try (CliProcess stdio =
                            CliProcess.start("stdio", "ws://127.0.0.1:" + port + "/t", "--tcp-keepalive=3000s");
                    RawWebSocketPeer peer = RawWebSocketPeer.accept(listening.accept())) {
                peer.acceptUpgrade();
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(port), 2900, 3000);
            }
        }
    }

    @Test
    void theConnectionOfProbeHasNone() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout(20_000);
            int port = listening.getLocalPort();
            try (CliProcess probe = CliProcess.start("probe", "ws://127.0.0.1:" + port + "/t");
                    Socket accepted = listening.accept()) {
                assertOneTimer(() -> KeepAliveTimers.ofRemotePort(port), 0, 0);
            }
        }
    }

    private Path file(String name, String json) throws Exception {
        return Files.writeString(folder.resolve(name), json);
    }
}
