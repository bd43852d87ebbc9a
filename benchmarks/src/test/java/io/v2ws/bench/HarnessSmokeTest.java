package io.v2ws.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole harness with next to nothing to do; peers take part where they are installed, and no time is judged. */
@ExtendWith(LeakCheck.class)
class HarnessSmokeTest {
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @Test
    void everyRowIsMeasuredAndWrittenDown(@TempDir Path target) throws Exception {
        Bench bench = bench(target);
        Session session = new Session(bench, target.resolve("results.json"));
        session.measure(List.of(Rows.values()), "none");
        assertThat(session.isComplete()).isTrue();
        Results results = session.results();
        assertThat(results.sections().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(Rows.values()).stream().map(Rows::id).toList());
        results.sections().values().forEach(HarnessSmokeTest::assertMeasured);

        String page = Report.write(results, new Charts(target.resolve("img"), "img/"));
        assertThat(page).contains("### To reach", "| end to end against the same relay without WebSocket, plain |");
        assertThat(target.resolve("img/throughput-plain-1.svg")).content().contains("<svg");
    }

    /** Nothing broke that is there, and of v2ws there is a positive number for each key. */
    private static void assertMeasured(Section section) {
        assertThat(section.notes())
                .as("what row %s could not measure", section.row())
                .allMatch(note -> note.contains("not installed") || note.contains("apt-get"));
        assertThat(section.measurements())
                .as("row %s", section.row())
                .anyMatch(one -> one.contender().equals("v2ws") && one.median() > 0);
        assertThat(section.measurements()).allMatch(one -> Double.isFinite(one.median()));
    }

    private static Bench bench(Path target) throws IOException {
        return new Bench(
                Effort.smoke(),
                new Program(null, QUICK_START),
                target,
                Files.createDirectories(target.resolve("logs")),
                false,
                new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }
}
