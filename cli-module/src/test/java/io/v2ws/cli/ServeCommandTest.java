package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code v2ws serve} as a process. */
class ServeCommandTest {
    @TempDir
    private Path folder;

    @Test
    void withoutForwardItEchoesAndASignalEndsItWithZero() throws Exception {
        try (CliProcess serve = CliProcess.start(
                "serve", "--listen", "127.0.0.1:0", "--path", "/t", "--max-early-data", "16", "--header", "X-A: 1")) {
            int port = serve.awaitPort();
            serve.awaitError(Pattern.compile("/t -> echo, early data in the path"));
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
                RawResponse answer = peer.upgrade("/tYWJj");
                assertThat(answer.header("X-A")).isEqualTo("1");
                assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("abc"));

                assertThat(serve.terminate().exitCode()).isZero();
                // Cut off, and not by a Close that looks like the end of the stream (F5).
                peer.expectClose(1001);
            }
            assertThat(serve.stderr()).doesNotContain("Exception", "\tat ");
            assertThat(serve.stdoutText()).isEmpty();
        }
    }

    @Test
    void forwardLeadsToATcpService() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.banner(Bytes.utf8("hello"));
                CliProcess serve = CliProcess.start(
                        "serve", "--listen=127.0.0.1:0", "--path=/t", "--forward=127.0.0.1:" + upstream.port())) {
            int port = serve.awaitPort();
            serve.awaitError(Pattern.compile("/t -> 127.0.0.1:" + upstream.port()));
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
                peer.upgrade("/t");
                assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
            }
        }
    }

    @Test
    void aFileHasSeveralTunnelsAndOptionsWinOverIt() throws Exception {
        try (EchoUpstream first = EchoUpstream.banner(Bytes.utf8("first"));
                EchoUpstream second = EchoUpstream.banner(Bytes.utf8("other"))) {
            Path file = Files.writeString(folder.resolve("serve.json"), """
                    {"listen": "192.0.2.1:1", "tunnels": [
                      {"forward": "127.0.0.1:%d", "transport": {"type": "ws", "path": "/one"}},
                      {"forward": "127.0.0.1:%d", "transport": {"type": "ws", "path": "/two", "max_early_data": 64,
                       "early_data_header_name": "Sec-WebSocket-Protocol", "headers": {"X-A": ["1", "2"]}}}]}
                    """.formatted(first.port(), second.port()));
            try (CliProcess serve = CliProcess.start("serve", "--config", file.toString(), "--listen", "127.0.0.1:0")) {
                int port = serve.awaitPort();
                try (RawWebSocketPeer one = RawWebSocketPeer.connect(port);
                        RawWebSocketPeer two = RawWebSocketPeer.connect(port)) {
                    one.upgrade("/one");
                    assertThat(one.readBinary(5)).isEqualTo(Bytes.utf8("first"));
                    RawResponse answer = two.upgrade(RawHandshake.to("/two").add("Sec-WebSocket-Protocol", "YWJj"));
                    assertThat(answer.all("X-A")).containsExactly("1", "2");
                    assertThat(two.readBinary(8)).isEqualTo(Bytes.utf8("otherabc"));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"direct,the direct engine", "jetty,Jetty's WebSocket engine"})
    void theEngineIsAnOptionAndLoggedOnce(String engine, String name) throws Exception {
        try (CliProcess serve =
                CliProcess.start("serve", "--verbose", "--listen=127.0.0.1:0", "--path=/t", "--engine=" + engine)) {
            int port = serve.awaitPort();
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
                peer.upgrade("/t");
                peer.sendBinary(Bytes.utf8("abc"));
                assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("abc"));
            }
            assertThat(serve.stderr()).containsOnlyOnce("tunnels at /t on " + name);
        }
    }

    @Test
    void quietSaysNothing() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (CliProcess loud = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t");
                CliProcess quiet = CliProcess.start(
                        "serve",
                        "--quiet",
                        "--config="
                                + Files.writeString(folder.resolve("tls.json"), """
                                {"listen": "127.0.0.1:%d", "tls_cert": "%s", "tls_key": "%s",
                                 "transport": {"type": "ws", "path": "/t"}}
                                """.formatted(
                                                loud.awaitPort(),
                                                certificates.server().certificatePem(),
                                                certificates.server().keyPem())))) {
            // The port is taken: an error, and so the only thing said.
            assertThat(quiet.exitCode()).isEqualTo(1);
            assertThat(quiet.stderr()).startsWith("v2ws: cannot listen on").hasLineCount(1);
        }
    }

    private static String get(int port, String target) throws Exception {
        try (RawWebSocketPeer visitor = RawWebSocketPeer.connect(port)) {
            RawResponse page = visitor.handshake(RawHandshake.raw("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            return page.status() + " " + visitor.readBody(page);
        }
    }

    @Test
    void s20_s22_siteAndHealthPathStandInTheFile() throws Exception {
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "home");
        Path file = Files.writeString(folder.resolve("serve.json"), """
                {"listen": "127.0.0.1:0", "site": "site", "health_path": "/-/health",
                 "transport": {"type": "ws", "path": "/t"}}
                """);
        try (CliProcess serve = CliProcess.start("serve", "--config", file.toString())) {
            int port = serve.awaitPort();
            assertThat(get(port, "/")).isEqualTo("200 home");
            assertThat(get(port, "/t")).isEqualTo("404 ");
            assertThat(get(port, "/-/health/ready")).isEqualTo("200 ready\n");
            serve.awaitError(Pattern.compile("site: " + site));
        }
    }

    @Test
    void s21_siteIsAnotherWebServer() throws Exception {
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "home");
        try (CliProcess web = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/x", "--site=" + site);
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--health-path=/health",
                        "--site=http://127.0.0.1:" + web.awaitPort())) {
            int port = serve.awaitPort();
            assertThat(get(port, "/")).isEqualTo("200 home");
            assertThat(get(port, "/nothing")).isEqualTo("404 ");
            assertThat(get(port, "/health/live")).isEqualTo("200 live\n");
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
                peer.upgrade("/t");
            }
            assertThat(serve.terminate().exitCode()).isZero();
            assertThat(serve.stderr()).doesNotContain("Exception", "\tat ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--site=/no/such,'--site: expected a folder that can be read, got \"/no/such\"'",
        "--site=ftp://a/,'--site: expected a folder, or a URL of scheme, host, port and path such as"
                + " \"http://127.0.0.1:8081\", got \"ftp://a/\"'",
        "--site=http://a/?b,'--site: expected a folder, or a URL'",
        "--health-path=health,'--health-path: expected a path such as /-/health, got \"health\"'",
    })
    void wrongSitesAndHealthPathsAreUsageErrors(String option, String message) throws Exception {
        try (CliProcess serve = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t", option)) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.stderr()).contains(message);
        }
    }
}
