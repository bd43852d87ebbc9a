package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.internal.tls.CertificatePins;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --tls-pin} and {@code --tls-verify-name}, against {@code v2ws serve}. */
@Timeout(120)
class TlsPinCommandTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final String OTHER_PIN = "0f".repeat(32);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private static String pin() throws Exception {
        return CertificatePins.of(CERTIFICATES.server().certificate());
    }

    private static CliProcess serve() throws Exception {
        return CliProcess.start(
                "serve",
                "--listen=127.0.0.1:0",
                "--path=/t",
                "--tls-cert=" + CERTIFICATES.server().certificatePem(),
                "--tls-key=" + CERTIFICATES.server().keyPem());
    }

    @Test
    void v2ray5GivesServerAndClientTheirTransportAndThePinTrustsTheServer() throws Exception {
        Path inbound = Files.writeString(folder.resolve("server.json"), """
                {"inbounds": [{"tag": "in", "listen": "127.0.0.1", "port": 1, "protocol": "vless",
                  "settings": {"users": ["topsecret"]},
                  "streamSettings": {"transport": "ws", "security": "tls",
                    "securitySettings": {"certificate": [{"certificateFile": "%s", "keyFile": "%s"}]},
                    "transportSettings": {"path": "/t", "maxEarlyData": 2048}}}]}""".formatted(
                CERTIFICATES.server().certificatePem(), CERTIFICATES.server().keyPem()));
        try (CliProcess serve = CliProcess.start("serve", "--listen=127.0.0.1:0", "--transport=" + inbound)) {
            int port = serve.awaitPort();
            serve.awaitError(Pattern.compile("\\(wss\\)"));
            Path outbound = Files.writeString(folder.resolve("client.json"), """
                    {"outbounds": [{"protocol": "vless", "settings": {"address": "127.0.0.1", "port": %d, "uuid": "topsecret"},
                      "streamSettings": {"transport": "ws", "security": "tls",
                        "securitySettings": {"serverName": "front.example",
                          "pinnedPeerCertificateChainSha256": ["abc="]},
                        "transportSettings": {"path": "/t", "maxEarlyData": 2048}}}]}""".formatted(port));
            try (CliProcess forward = CliProcess.start(
                            "forward", "--listen=127.0.0.1:0", "--transport=" + outbound, "--tls-pin=" + pin());
                    Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(Bytes.utf8("early"));
                assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("early"));
                forward.terminate().exitCode();
                assertThat(forward.stderr())
                        .contains("pinnedPeerCertificateChainSha256: not taken over", "early data in the path")
                        .doesNotContain("topsecret", "no certificate is verified");
            }
        }
    }

    @Test
    void aProbeAcceptsThePinnedCertificateAndShowsTheDigestOfAnother() throws Exception {
        try (CliProcess serve = serve()) {
            String url = "wss://localhost:" + serve.awaitPort() + "/t";
            assertThat(run("probe", "--bytes=1M", "--tls-pin=" + OTHER_PIN, "--tls-pin=" + pin(), url))
                    .as(out.toString())
                    .isZero();
            assertThat(out.toString()).containsPattern("TLS +ok ");
            out.getBuffer().setLength(0);

            assertThat(run("probe", "--json", "--tls-pin=" + OTHER_PIN, url)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("expected a certificate with the pinned SHA-256 " + OTHER_PIN + ", got one with " + pin())
                    .contains("\"sha256\" : \"" + pin() + "\"")
                    .contains("--tls-pin");
        }
    }

    @Test
    void thePinOfALinkIsCheckedAlsoWhereVerificationIsSkippedAndAPinGivenHereWins() throws Exception {
        try (CliProcess serve = serve()) {
            String link = "vless://topsecret@localhost:" + serve.awaitPort() + "?type=ws&security=tls&path=/t&pcs="
                    + OTHER_PIN + "&allowInsecure=1";
            assertThat(run("bench", "--bytes=64K", "--insecure-skip-verify", link))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .contains("expected a certificate with the pinned SHA-256 " + OTHER_PIN)
                    .doesNotContain("topsecret");

            assertThat(run("bench", "--bytes=64K", "--tls-pin=" + pin(), link))
                    .as(err.toString())
                    .isZero();
        }
    }

    @Test
    void aNameToVerifyStandsInForTheNameThatIsAskedFor() throws Exception {
        try (CliProcess serve = serve()) {
            int port = serve.awaitPort();
            String ca = "--tls-ca=" + CERTIFICATES.caPem();
            String[] fronted = {"bench", "--bytes=64K", ca, "--server-name=front.example"};
            String url = "wss://127.0.0.1:" + port + "/t";
            assertThat(run(fronted[0], fronted[1], fronted[2], fronted[3], url)).isEqualTo(1);
            assertThat(run(
                            fronted[0],
                            fronted[1],
                            fronted[2],
                            fronted[3],
                            "--tls-verify-name=x.example,localhost",
                            url))
                    .as(err.toString())
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench --tls-pin 0f wss://x/|--tls-pin: expected the SHA-256 of a certificate, 64 hexadecimal digits, got \"0f\"",
                "bench --tls-pin 0f ws://x/|--tls-pin: expected a wss:// URL beside it, got ws://, which has no TLS",
                "bench --tls-verify-name x ws://x/|--tls-verify-name: expected a wss:// URL beside it, got ws://, which has no TLS",
                "bench --tls-verify-name * wss://x/|--tls-verify-name: expected a host name",
                "bench --server-name a,b wss://x/|--server-name: expected a host name without a port",
                "convert --to=link --server-name a,b vless://u@h:1?type=ws|--server-name: expected a host name",
            })
    void whatCannotBeAPinOrANameIsAMisunderstandingThatNamesTheOption(String arguments, String said) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains("v2ws: " + said);
    }

    @Test
    void anExtraAuthorityInAKeyStoreIsTrustedAndAClientCertificateInOneIsRead() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "changeit\n");
        try (CliProcess serve = serve()) {
            String url = "wss://localhost:" + serve.awaitPort() + "/t";
            String extra = "--tls-extra-ca=" + CERTIFICATES.trustStore();
            String own = "--tls-cert=" + CERTIFICATES.client().keyStore();
            String secret = "--tls-password-file=" + password;
            assertThat(run("bench", "--bytes=64K", url, extra, own, secret))
                    .as(err.toString())
                    .isZero();
            assertThat(run("bench", url, extra)).isNotZero();
            assertThat(err.toString())
                    .contains(CERTIFICATES.trustStore() + ": expected", "or one that needs its password");
        }
    }
}
