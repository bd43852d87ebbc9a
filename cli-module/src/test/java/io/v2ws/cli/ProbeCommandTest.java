package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code v2ws probe} against {@code v2ws serve}, as a user has them. */
@Timeout(120)
class ProbeCommandTest {

    private static int run(StringWriter out, String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(new StringWriter(), true), arguments);
    }

    @ParameterizedTest
    @CsvSource({"'',Early  path", "Sec-WebSocket-Protocol,Early  header", "X-Early,Early  header"})
    void theModeOfAServerIsFoundAndItsLimitNamed(String header, String step) throws Exception {
        String server = header.isEmpty() ? "--verbose" : "--early-data-header-name=" + header;
        try (CliProcess serve =
                CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t/", "--max-early-data=2048", server)) {
            String url = "ws://127.0.0.1:" + serve.awaitPort() + "/t/";
            StringWriter out = new StringWriter();
            String client = header.isEmpty() ? "--quiet" : "--early-data-header-name=" + header;

            int code = run(out, "probe", "--bytes=1M", "--max-early-data=2048", client, url);

            assertThat(out.toString())
                    .containsPattern(step.replace("  ", ", ") + " +ok +arrives with the handshake; 1\\d{4} bytes")
                    .contains("max_early_data 2048 is fine", "Nothing failed.");
            assertThat(code).isZero();
        }
    }

    @Test
    void tlsIsProbedToo() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (CliProcess serve = CliProcess.start(
                "serve",
                "--listen=127.0.0.1:0",
                "--path=/t",
                "--tls-cert=" + certificates.server().certificatePem(),
                "--tls-key=" + certificates.server().keyPem())) {
            StringWriter out = new StringWriter();

            int code = run(
                    out,
                    "probe",
                    "--bytes=1M",
                    "--tls-ca=" + certificates.caPem(),
                    "wss://localhost:" + serve.awaitPort() + "/t");

            assertThat(out.toString())
                    .containsPattern("TLS +ok +TLSv1.3, no ALPN, certificate trusted")
                    .contains("by CN=v2ws test CA")
                    .containsPattern("Upgrade +ok +101 Switching Protocols");
            assertThat(code).isZero();
        }
    }

    @Test
    void aFailureIsExitCode1AndJsonHoldsEveryStep() throws Exception {
        StringWriter out = new StringWriter();
        try (ClosedPort port = new ClosedPort()) {
            assertThat(run(out, "probe", "--json", "ws://127.0.0.1:" + port.port() + "/t"))
                    .isEqualTo(1);
        }
        int steps = 0;
        boolean failed = false;
        try (JsonParser json = new JsonFactory().createParser(out.toString())) {
            while (json.nextToken() != null) {
                steps +=
                        "step".equals(json.currentName()) && json.currentToken().isScalarValue() ? 1 : 0;
                failed |= "verdict".equals(json.currentName()) && "failed".equals(json.getText());
            }
        }
        assertThat(steps).isEqualTo(13);
        assertThat(failed).isTrue();
        assertThat(out.toString()).contains("\"ok\" : false", "\"step\" : \"tcp\"");
    }

    @Test
    void theProxysPasswordIsNeverShown() throws Exception {
        StringWriter out = new StringWriter();
        try (ClosedPort port = new ClosedPort()) {
            run(out, "probe", "--proxy=http://user:pass-word@127.0.0.1:" + port.port(), "ws://127.0.0.1:1/t");
        }
        assertThat(out.toString()).contains("the proxy's").doesNotContain("pass-word");
    }
}
