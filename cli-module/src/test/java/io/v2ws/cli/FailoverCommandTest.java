package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code forward} in front of several servers. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class FailoverCommandTest {
    private static void echoes(CliProcess forward) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(Bytes.utf8("hello"));
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("hello"));
        }
    }

    private static String lines(String text, String part) {
        return String.join(
                "\n", text.lines().filter(line -> line.contains(part)).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void c23_theNextServerTakesOverWithOneLineInTheLog(int earlyData) throws Exception {
        String early = "--max-early-data=" + earlyData;
        try (CliProcess first = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t", early);
                CliProcess second = CliProcess.start("serve", "--listen=127.0.0.1:0", "--path=/t", early);
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--listen=127.0.0.1:0",
                        early,
                        "ws://127.0.0.1:" + first.awaitPort() + "/t",
                        "vless://u@127.0.0.1:" + second.awaitPort() + "?type=ws&path=/t")) {
            echoes(forward);
            assertThat(forward.stderr())
                    .contains("/t, else ws://127.0.0.1:" + second.awaitPort())
                    .doesNotContain("Tunnels go to");
            first.close();
            echoes(forward);
            echoes(forward);
            forward.terminate();
            assertThat(forward.exitCode()).isZero();
            assertThat(lines(forward.stderr(), "Tunnels go to").lines())
                    .singleElement()
                    .asString()
                    .contains("Tunnels go to ws://127.0.0.1:" + second.awaitPort() + "/t from now on");
        }
    }
}
