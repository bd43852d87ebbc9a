package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.EchoUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code v2ws bench} and {@code v2ws demo} as processes. */
class BenchAndDemoTest {

    @ParameterizedTest
    @CsvSource({"--both,true,true", "--up,true,false", "--down,false,true"})
    void benchMeasuresTheEchoOfServe(String direction, boolean up, boolean down) throws Exception {
        try (CliProcess serve = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t");
                CliProcess bench = CliProcess.start(
                        "bench", "--bytes=3M", direction, "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
            String out = bench.stdoutText();
            assertThat(bench.exitCode()).isZero();
            assertThat(out).contains("3 MiB there and back", "Every byte came back as it was sent.");
            assertThat(out.contains("\nup ")).isEqualTo(up);
            assertThat(out.contains("\ndown ")).isEqualTo(down);
            // No bar where there is no terminal.
            assertThat(bench.stderr()).doesNotContain("\r");
        }
    }

    @Test
    void benchSeesThatTheFarEndIsNoEcho() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.source(1, 1000);
                CliProcess serve = CliProcess.start(
                        "serve", "--listen=127.0.0.1:0", "--path=/t", "--forward=127.0.0.1:" + upstream.port());
                CliProcess bench =
                        CliProcess.start("bench", "--bytes=64K", "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
            assertThat(bench.exitCode()).isEqualTo(1);
            assertThat(bench.stderr())
                    .isEqualTo("v2ws: byte 0 did not come back as it was sent: is the far end an echo?\n");
        }
    }

    @Test
    void demoCarriesEveryByteInAllThreeModes() throws Exception {
        try (CliProcess demo = CliProcess.start("demo")) {
            String out = demo.stdoutText();
            assertThat(demo.exitCode()).isZero();
            assertThat(out.lines().filter(line -> line.endsWith("  equal"))).hasSize(3);
            assertThat(out).contains("All three carried every byte");
            assertThat(demo.stderr()).doesNotContain("WARN", "Exception");
        }
    }
}
