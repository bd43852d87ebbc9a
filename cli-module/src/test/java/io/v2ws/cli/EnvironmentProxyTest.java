package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHttpProxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The command line as a process with a proxy in its environment. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class EnvironmentProxyTest {
    private static String run(Map<String, String> environment, String... arguments) throws Exception {
        try (CliProcess stdio = CliProcess.startIn(environment, arguments)) {
            stdio.stdin().close();
            assertThat(stdio.exitCode()).isEqualTo(1);
            return stdio.stderr();
        }
    }

    @Test
    void theProxyOfTheEnvironmentIsUsedAndVerboseSaysWhichAndWhy() throws Exception {
        try (RawHttpProxy proxy = new RawHttpProxy()) {
            String url = "http://me:secret@127.0.0.1:" + proxy.port();
            String err = run(Map.of("http_proxy", url), "stdio", "--verbose", "ws://tunnel.invalid/t");
            assertThat(proxy.targets()).containsExactly("tunnel.invalid:80");
            assertThat(err)
                    .contains("v2ws: proxy: http://…@127.0.0.1:" + proxy.port() + ", from http_proxy")
                    .doesNotContain("secret");
        }
    }

    @Test
    void noneAndNoProxyGoWithoutIt() throws Exception {
        try (RawHttpProxy proxy = new RawHttpProxy()) {
            String url = "http://127.0.0.1:" + proxy.port();
            assertThat(run(Map.of("ALL_PROXY", url), "stdio", "--verbose", "--proxy=none", "ws://127.0.0.1:1/t"))
                    .contains("v2ws: no proxy: --proxy none");
            assertThat(run(
                            Map.of("ALL_PROXY", url, "NO_PROXY", "localhost,127.0.0.0/8"),
                            "stdio",
                            "--verbose",
                            "ws://127.0.0.1:1/t"))
                    .contains("v2ws: no proxy: NO_PROXY has 127.0.0.0/8");
            assertThat(proxy.acceptedConnections()).isZero();
        }
    }

    @Test
    void systemTakesJavas() throws Exception {
        try (RawHttpProxy proxy = new RawHttpProxy()) {
            String err = run(
                    Map.of("ALL_PROXY", "http://127.0.0.1:1"),
                    "stdio",
                    "--verbose",
                    "--proxy=system",
                    "-Dhttp.proxyHost=127.0.0.1",
                    "-Dhttp.proxyPort=" + proxy.port(),
                    "ws://tunnel.invalid/t");
            assertThat(proxy.targets()).containsExactly("tunnel.invalid:80");
            assertThat(err).contains("from Java's settings");
        }
    }
}
