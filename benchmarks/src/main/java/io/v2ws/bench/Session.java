package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Measures rows one after the other and keeps the results of each as soon as they are there. */
final class Session {
    private final Bench bench;
    private final Path file;
    private boolean complete = true;

    /** Makes a session whose results go into {@code file}, beside what is in it of other rows. */
    Session(Bench bench, Path file) {
        this.bench = bench;
        this.file = file;
    }

    /** Measures; a row that fails does not keep the others from being measured. */
    void measure(List<Rows> rows, String commit) throws IOException, InterruptedException {
        Map<String, String> machine = Machine.describe();
        for (Rows row : rows) {
            bench.say("%s (%s)", row.id(), bench.effort().name());
            Recorder recorder = new Recorder(bench);
            try {
                row.make().measure(bench, recorder);
            } catch (IOException x) {
                complete = false;
                recorder.note("failed: " + x.getMessage());
            }
            Section section = new Section(
                    row.id(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    commit,
                    bench.effort().name(),
                    String.join(" ", bench.program().jvmFlags()),
                    machine,
                    recorder.labels(),
                    recorder.notes(),
                    recorder.measurements());
            Json.write(file, results().with(section));
        }
    }

    Results results() throws IOException {
        return Results.read(file);
    }

    /** Whether no row failed. */
    boolean isComplete() {
        return complete;
    }
}
