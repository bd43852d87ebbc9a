package io.v2ws.bench;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What every measurement needs.
 *
 * @param effort how much of it
 * @param program how v2ws is started
 * @param target where things of a run are kept from one run to the next
 * @param logs for the logs of the processes, gone after the run
 * @param install whether peers that can be installed without root are installed
 * @param progress where the terminal is told what goes on
 */
record Bench(Effort effort, Program program, Path target, Path logs, boolean install, PrintStream progress) {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Tells the terminal what goes on. */
    void say(String format, Object... arguments) {
        progress.println(LocalTime.now().format(CLOCK) + " " + String.format(Locale.ROOT, format, arguments));
    }

    /** The certificates of this run. */
    TestCertificates certificates() {
        return TestCertificates.get();
    }

    /** Starts a process under measurement. */
    ChildProcess launch(String name, List<String> command) throws IOException {
        return ChildProcess.start(name, logs, command);
    }

    /** Those of the contenders that this effort is for, in order. */
    List<Contender> contenders(Contender... all) {
        return Stream.of(all)
                .filter(contender ->
                        contender.extra().map(effort.extras()::contains).orElse(true))
                .toList();
    }
}
