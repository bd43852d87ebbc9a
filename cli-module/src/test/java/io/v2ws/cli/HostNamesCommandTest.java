package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are looked up: the JVM of the command has a hosts file of its own. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class HostNamesCommandTest {
    @TempDir
    Path folder;

    private String hosts(String... lines) throws IOException {
        Files.write(folder.resolve("hosts"), List.of(lines));
        return "-Djdk.net.hosts.file=" + folder.resolve("hosts");
    }

    private static void echoes(CliProcess forward) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(Bytes.utf8("hello"));
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "jetty"})
    void namesOfContainersWorkInUrlsFilesAndForwardAndDial(String engine) throws Exception {
        String hosts = hosts("127.0.0.1 my_ssh", "127.0.0.1 my_service_1");
        try (EchoUpstream upstream = EchoUpstream.echo();
                CliProcess serve = CliProcess.start(
                        hosts,
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--engine=" + engine,
                        "--forward=my_service_1:" + upstream.port())) {
            int port = serve.awaitPort();
            Path file = Files.writeString(
                    folder.resolve("forward.json"), "{\"url\": \"ws://my_ssh:%d/t\"}".formatted(port));
            for (String[] target : new String[][] {
                {"ws://my_ssh:" + port + "/t"},
                {"--config=" + file},
                {"ws://any_name/t", "--dial=my_ssh:" + port},
                {"vless://u@my_ssh:" + port + "?type=ws&path=/t"}
            }) {
                try (CliProcess forward = CliProcess.start(
                        hosts,
                        "forward",
                        "--listen=127.0.0.1:0",
                        "--engine=" + engine,
                        target[0],
                        target[target.length - 1].startsWith("--dial") ? target[1] : "--ping-interval=20s")) {
                    echoes(forward);
                }
            }
        }
    }

    /** By its default, the JVM would go on to connect to the old address for half a minute. */
    @Test
    void aServerThatHasMovedIsFoundAfterASecond() throws Exception {
        String hosts = hosts("127.0.0.1 moving_ssh");
        try (CliProcess before = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t")) {
            int port = before.awaitPort();
            try (CliProcess forward =
                    CliProcess.start(hosts, "forward", "--listen=127.0.0.1:0", "ws://moving_ssh:" + port + "/t")) {
                echoes(forward);
                before.close();
                hosts("127.0.0.2 moving_ssh");
                try (CliProcess after = CliProcess.start("serve", "--listen=127.0.0.2:" + port, "--path=/t")) {
                    after.awaitPort();
                    await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> echoes(forward));
                }
            }
        }
    }

    /** The hosts file has both spellings of a name of one letter, as DNS would. */
    @ParameterizedTest
    @ValueSource(strings = {"direct", "jetty"})
    void afterAFailedConnectTheNameIsLookedUpAnewWhateverTheJvmKeeps(String engine) throws Exception {
        String hosts = hosts("127.0.0.1 m-1 M-1");
        try (CliProcess old = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t")) {
            int port = old.awaitPort();
            try (CliProcess forward = CliProcess.start(
                    hosts,
                    "-Dsun.net.inetaddr.ttl=600",
                    "forward",
                    "--listen=127.0.0.1:0",
                    "--engine=" + engine,
                    "ws://m-1:" + port + "/t")) {
                echoes(forward);
                assertThat(old.terminate().exitCode()).isZero();
                hosts("127.0.0.2 m-1 M-1");
                try (CliProcess moved = CliProcess.start("serve", "--listen=127.0.0.2:" + port, "--path=/t")) {
                    moved.awaitPort();
                    try (Socket first = new Socket("127.0.0.1", forward.awaitPort())) {
                        forward.awaitError(Pattern.compile("No tunnel to \\S+: cannot connect"));
                        assertThat(first.isConnected()).isTrue();
                    }
                    echoes(forward);
                }
            }
        }
    }

    @Test
    void anInternationalNameIsLookedUpInAsciiAndShownInBothForms() throws Exception {
        String hosts = hosts("127.0.0.1 xn--bcher-kva.example");
        try (CliProcess serve =
                        CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t", "--host=b\u00fccher.example");
                CliProcess forward = CliProcess.start(
                        hosts,
                        "-Dsun.jnu.encoding=UTF-8",
                        "-Dfile.encoding=UTF-8",
                        "forward",
                        "--listen=127.0.0.1:0",
                        "ws://xn--bcher-kva.example:" + serve.awaitPort() + "/t")) {
            echoes(forward);
            assertThat(forward.stderr())
                    .contains("-> ws://xn--bcher-kva.example:" + serve.awaitPort() + "/t (b\u00fccher.example)");
        }
    }

    @Test
    void thePasswordOfTheUrlIsShownNowhere() throws Exception {
        try (CliProcess serve = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t");
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--verbose",
                        "--listen=127.0.0.1:0",
                        "ws://user:topsecret@127.0.0.1:" + serve.awaitPort() + "/t")) {
            echoes(forward);
            forward.terminate().exitCode();
            assertThat(forward.stderr())
                    .contains("-> ws://…@127.0.0.1:")
                    .doesNotContain("topsecret")
                    .doesNotContain("dXNlcjp0b3BzZWNyZXQ=");
        }
        for (String[] arguments : new String[][] {
            {"forward", "--listen=127.0.0.1:0", "ws://user:topsecret@127.0.0.1:x/t"},
            {"forward", "--listen=127.0.0.1:0", "ws://a/t", "--no-such", "ws://user:topsecret@127.0.0.1/t"},
            {"stdio", "ws://user:topsecret@no-such-host.invalid/t"},
            {"forward", "--listen=127.0.0.1:0", "--header=Authorization: x", "ws://user:topsecret@127.0.0.1/t"}
        }) {
            try (CliProcess wrong = CliProcess.start(arguments)) {
                assertThat(wrong.exitCode()).isIn(1, 2);
                assertThat(wrong.stderr()).startsWith("v2ws: ").doesNotContain("topsecret");
            }
        }
    }
}
