package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A service gives back what it does not need, by real processes and what their JVM says of itself. */
@EnabledOnOs(OS.LINUX)
class IdleMemoryTrimmerTest {
    private static final String PERIOD = "G1PeriodicGCInterval";
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

    private static void assertOptions(List<String> jvmOptions, String period, String least, String most)
            throws Exception {
        try (CliProcess server = CliProcess.startWith(jvmOptions, SERVE)) {
            server.awaitError(TRIMMED);

            assertThat(option(server, PERIOD)).isEqualTo(period);
            assertThat(option(server, "MinHeapFreeRatio")).isEqualTo(least);
            assertThat(option(server, "MaxHeapFreeRatio")).isEqualTo(most);
        }
    }

    @Test
    void anIdleServiceHasItsHeapShrinkAndItsNativeMemoryTrimmed() throws Exception {
        assertOptions(List.of("-XX:+UseG1GC"), "10000", "5", "10");
    }

    @Test
    void whatTheCommandLineOfTheJvmSaysStays() throws Exception {
        List<String> flags = List.of("-XX:+UseG1GC", "-XX:MaxHeapFreeRatio=60", "-XX:G1PeriodicGCInterval=7000");
        assertOptions(flags, "7000", "40", "60");
    }

    @Test
    void theHeapOfAnotherCollectorIsLeftAlone() throws Exception {
        assertOptions(List.of("-XX:+UseSerialGC"), "0", "40", "70");
    }

    /** With a clock of its own: a long pause takes too long for a test. */
    @Test
    void aLongPauseNeedsNoFurtherCyclesUntilTheNextLoad() throws Exception {
        Process pausing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseG1GC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongPause.class.getName())
                .start();
        String periods = new String(pausing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(periods).isEqualTo("10000 0 10000");
    }

    /** Prints the period of the collector's cycles in a short pause, in a long one, and under load again. */
    static final class LongPause {
        private LongPause() {}

        public static void main(String[] arguments) {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            AtomicLong used = new AtomicLong();
            IdleMemoryTrimmer memory = new IdleMemoryTrimmer(used::get);
            for (int look = 0; look < 14; look++) {
                memory.look();
            }
            System.out.print(jvm.getVMOption(PERIOD).getValue());
            memory.look();
            System.out.print(" " + jvm.getVMOption(PERIOD).getValue());
            used.addAndGet(TimeUnit.SECONDS.toNanos(1));
            memory.look();
            System.out.print(" " + jvm.getVMOption(PERIOD).getValue());
        }
    }
}
