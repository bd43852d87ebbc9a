package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A service gives back what it does not need, by real processes and what their JVM says of itself. */
@EnabledOnOs(OS.LINUX)
class SpareMemoryTest {
    private static final Pattern TRIMMED = Pattern.compile("Trimming native memory: .*->");
    private static final String[] SERVE = {"serve", "--verbose", "--listen", "127.0.0.1:0", "--path", "/t"};

    /** The value an option of a JVM has now. */
    private static String option(CliProcess process, String name) throws IOException {
        String jinfo = Path.of(System.getProperty("java.home"), "bin", "jinfo").toString();
        Process asked = new ProcessBuilder(jinfo, "-flag", name, Long.toString(process.pid())).start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(answer).startsWith("-XX:" + name + "=");
        return answer.substring(answer.indexOf('=') + 1);
    }

    @Test
    void anIdleServiceHasItsHeapShrinkAndItsNativeMemoryTrimmed() throws Exception {
        try (CliProcess server = CliProcess.startWith(List.of("-XX:+UseG1GC"), SERVE)) {
            server.awaitError(TRIMMED);

            assertThat(option(server, "G1PeriodicGCInterval")).isEqualTo("10000");
            assertThat(option(server, "MinHeapFreeRatio")).isEqualTo("5");
            assertThat(option(server, "MaxHeapFreeRatio")).isEqualTo("10");
        }
    }

    @Test
    void whatTheCommandLineOfTheJvmSaysStays() throws Exception {
        List<String> flags = List.of("-XX:+UseG1GC", "-XX:MaxHeapFreeRatio=60", "-XX:G1PeriodicGCInterval=0");
        try (CliProcess server = CliProcess.startWith(flags, SERVE)) {
            server.awaitError(TRIMMED);

            assertThat(option(server, "G1PeriodicGCInterval")).isEqualTo("0");
            assertThat(option(server, "MinHeapFreeRatio")).isEqualTo("40");
            assertThat(option(server, "MaxHeapFreeRatio")).isEqualTo("60");
        }
    }

    @Test
    void theHeapOfAnotherCollectorIsLeftAlone() throws Exception {
        try (CliProcess server = CliProcess.startWith(List.of("-XX:+UseSerialGC"), SERVE)) {
            server.awaitError(TRIMMED);

            assertThat(option(server, "MinHeapFreeRatio")).isEqualTo("40");
            assertThat(option(server, "MaxHeapFreeRatio")).isEqualTo("70");
        }
    }
}
