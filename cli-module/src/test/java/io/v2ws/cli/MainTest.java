package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.DurationText;
import io.v2ws.server.TcpForwarder;
import io.v2ws.tcp.TcpKeepAlive;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, usage errors and configuration errors: all that ends before anything is started. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String help(String command) {
        assertThat(run(command, "--help")).isZero();
        // As one line, for the texts are wrapped.
        return out.toString().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "forward", "stdio", "bench", "probe"})
    void helpShowsTheDefaultsThatTheLibraryHas(String command) {
        String help = help(command);
        WebSocketTransportOptions defaults = WebSocketTransportOptions.defaults();

        assertThat(help)
                .containsPattern("--max-early-data=N (?:(?! --).)*Default: " + defaults.maxEarlyData() + ", none")
                .containsPattern("--ping-interval=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.pingInterval()) + "\\.")
                .containsPattern("--pong-timeout=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.pongTimeout()) + "\\.")
                .containsPattern("--close-timeout=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.closeTimeout()) + "\\.")
                .containsPattern("--close-write-timeout=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.closeWriteTimeout()) + "\\.")
                .containsPattern("--half-close-linger=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.halfCloseLinger()) + "\\.")
                .containsPattern("--reset-delay=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.resetDelay()) + "\\.");
    }

    @Test
    void helpShowsTheDefaultsOfEachEnd() {
        WebSocketTransportOptions defaults = WebSocketTransportOptions.defaults();

        assertThat(help("forward"))
                .containsPattern("--handshake-timeout=TIME (?:(?! --).)*Default: "
                        + DurationText.format(defaults.handshakeTimeout()) + "\\.")
                .contains("ever. Default: "
                        + DurationText.format(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT));
        assertThat(help("serve"))
                .containsPattern("--connect-timeout=TIME (?:(?! --).)*Default: "
                        + DurationText.format(TcpForwarder.DEFAULT_CONNECT_TIMEOUT) + "\\.")
                .containsPattern("--handshake-timeout=TIME (?:(?! --).)*Default: 10s\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "forward", "stdio"})
    void helpShowsTheDefaultOfTcpKeepalive(String command) {
        assertThat(help(command))
                .containsPattern("--tcp-keepalive=IDLE\\[,INTERVAL\\[,COUNT\\]\\] (?:(?! --).)*Default: "
                        + TcpKeepAlive.DEFAULT + "\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "forward", "stdio", "bench", "probe", "convert", "demo"})
    void everyOptionSaysItsDefaultOrThatItIsRequired(String command) {
        assertThat(run(command, "--help")).isZero();
        for (String option : out.toString().split("\\n(?= {2,6}(?:-h, |-V, )?--)")) {
            if (option.startsWith("      --")) {
                assertThat(option).containsAnyOf("efault", "equired", "--up", "--down");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "forward", "stdio", "bench", "probe", "convert", "demo"})
    void helpFitsInto80Columns(String command) {
        assertThat(command.isEmpty() ? run("--help") : run(command, "--help")).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("(?s)v2ws \\d+\\.\\d+\\.\\d+.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|expected a command: serve, forward, stdio, bench, probe, convert or demo",
                "nonsense|unknown command 'nonsense'; known are serve, forward, stdio, bench, probe, convert, demo, help",
                "serve|missing --path PATH (or --config FILE, or --transport FILE)",
                "serve --path /t|missing --listen HOST:PORT",
                "serve --path /t --listen 8080|expected HOST:PORT",
                "serve --path /t --listen 127.0.0.1:99999|expected a port",
                "serve --path /t#x --listen 127.0.0.1:0|--path: a fragment",
                "serve --path /t --listen 127.0.0.1:0 --ping-interval 5|expected a unit",
                "serve --path /t --listen 127.0.0.1:0 --pong-timeout 0s|--pong-timeout: expected more than zero",
                "serve --path /t --listen 127.0.0.1:0 --handshake-timeout 0|--handshake-timeout: expected 1ms or more",
                "serve --path /t --listen 127.0.0.1:0 --max-early-data -1|--max-early-data: expected 0 or more",
                "serve --path /t --listen 127.0.0.1:0 --header Broken|--header: expected \"Name: value\"",
                "serve --path /t --listen 127.0.0.1:0 --header Upgrade:x|--header: Upgrade belongs to the handshake",
                "serve --path /t --listen 127.0.0.1:0 --trusted-proxy x|x",
                "serve --path /t --listen 127.0.0.1:0 --tls-cert x|--tls-cert and --tls-key need each other",
                "serve --path /t --listen 127.0.0.1:0 --tls-cert x --tls-key y|x: expected a readable PEM file, got: no such file",
                "serve --verbose --quiet --path /t --listen 127.0.0.1:0|--verbose and --quiet contradict each other",
                "serve --path /t --listen 127.0.0.1:0 --tcp-keepalive 500ms|--tcp-keepalive",
                "serve --path /t --listen 127.0.0.1:0 --tcp-keepalive 60|expected a unit",
                "forward --listen 127.0.0.1:0 ws://x/ --tcp-keepalive 60s,15s,128|count: expected 1 to 127, got 128",
                "stdio ws://x/ --tcp-keepalive 60s,0s|interval: expected whole seconds from 1s to 32767s, got 0s",
                "probe ws://x/ --tcp-keepalive 60s|Unknown option",
                "forward|missing URL",
                "forward ws://127.0.0.1:1/t|missing --listen HOST:PORT",
                "forward --listen 127.0.0.1:0 http://x/|url: expected ws://HOST",
                "forward --listen 127.0.0.1:0 ws://x/ --tls-ca y|--tls-ca: expected a wss:// URL",
                "forward --listen 127.0.0.1:0 ws://x/ --proxy ftp://y|--proxy: expected http://",
                "forward --listen 127.0.0.1:0 ws://x/ --max-early-data 9 --early-data-header-name A --header a:b|--header: A carries",
                "stdio ws://x/ --engine fast|expected direct or jetty, got \"fast\"",
                "stdio --transport - ws://x/|--transport: standard input is what the tunnel carries",
                "forward --tag x ws://x/|--tag needs --transport FILE",
                "forward --transport vless://topsecret@h:1?type=ws vless://topsecret@h:1?type=ws|which of the two is meant?",
                "stdio vless://topsecret@h:1?type=ws vless://topsecret@h:1?type=ws|'vless://…'",
                "convert --to json x|expected sing-box, xray, clash or link, got \"json\"",
                "convert x|--to=DIALECT",
                "convert --to xray|FILE|LINK|-",
                "convert --to link --transport-only vless://topsecret@h:1?type=ws|--transport-only: a link always has",
                "convert --to link --vless a --trojan b vless://topsecret@h:1?type=ws|expected one of them",
                "probe|missing URL",
                "probe http://x/|url: expected ws://HOST",
                "probe ws://x/ --timeout 0|--timeout: expected 1ms or more",
                "probe ws://x/ --idle 0|--idle: expected 1ms or more",
                "probe ws://x/a --idle soon|expected a duration",
                "probe ws://x/ --server-name y|--server-name: expected a wss:// URL",
                "bench ws://x/ --bytes 1X|expected a size such as 64K, 1M or 1G",
                "bench ws://x/ --bytes 0|expected a size such as 64K, 1M or 1G",
                "bench ws://x/ --up --down|mutually exclusive",
                "demo --listen 127.0.0.1:1|Unknown option",
            })
    void aWrongCommandLineIsOneLineAndExitCode2(String arguments, String said) {
        int code = arguments == null ? run() : run(arguments.split(" "));

        assertThat(err.toString()).startsWith("v2ws: ").contains(said).contains("Try 'v2ws");
        assertThat(err.toString()).doesNotContain("topsecret");
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(3).noneMatch(line -> line.contains("\tat "));
        assertThat(out.toString()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void anErrorInTheFileNamesFileLineAndKey() throws Exception {
        Path file = Files.writeString(
                folder.resolve("server.json"),
                "{\"listen\": \"127.0.0.1:0\",\n \"transport\": {\"type\": \"ws\",\n \"max_early_dta\": 5}}");

        assertThat(run("serve", "--config", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("v2ws: " + file + ":3:")
                .contains("transport.max_early_dta")
                .hasLineCount(1);
    }

    @Test
    void aMissingFileIsAUsageError() {
        assertThat(run("forward", "--config", folder.resolve("none.json").toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("none.json")
                .contains("no such file")
                .hasLineCount(1);
    }

    @Test
    void optionsOfOneTunnelContradictAFileWithSeveral() throws Exception {
        Path file = Files.writeString(folder.resolve("two.json"), """
                {"listen": "127.0.0.1:0", "tunnels": [
                  {"transport": {"type": "ws", "path": "/a"}},
                  {"transport": {"type": "ws", "path": "/b"}}]}
                """);

        assertThat(run("serve", "--config", file.toString(), "--path", "/c", "--forward", "127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--path, --forward: which of the 2 tunnels in " + file);
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsAUsageError() {
        TestCertificates certificates = TestCertificates.get();

        int code = run(
                "serve",
                "--listen=127.0.0.1:0",
                "--path=/t",
                "--tls-cert=" + certificates.server().certificatePem(),
                "--tls-key=" + certificates.client().keyPem());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("expected the private key of the certificate in");
    }

    @Test
    void anAddressInUseIsAFailure() throws Exception {
        try (EchoUpstream taken = EchoUpstream.echo()) {
            String listen = "127.0.0.1:" + taken.port();

            assertThat(run("serve", "--listen", listen, "--path", "/t")).isEqualTo(1);
            assertThat(err.toString().trim())
                    .isEqualTo("v2ws: cannot listen on " + listen + ": Address already in use");
            err.getBuffer().setLength(0);
            assertThat(run("forward", "--listen", listen, "ws://127.0.0.1:1/t")).isEqualTo(1);
            assertThat(err.toString().trim())
                    .isEqualTo("v2ws: cannot listen on " + listen + ": Address already in use");
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailureInOneLine() throws Exception {
        try (ClosedPort port = new ClosedPort()) {
            assertThat(run("bench", "ws://127.0.0.1:" + port.port() + "/t")).isEqualTo(1);
            assertThat(err.toString()).startsWith("v2ws: ").contains("refused").hasLineCount(1);
        }
    }
}
