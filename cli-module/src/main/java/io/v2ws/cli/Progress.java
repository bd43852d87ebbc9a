package io.v2ws.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows the progress of a transfer on standard error: a bar on a terminal, else a line from time to time. */
final class Progress {
    private static final int BAR = 30;
    private static final long LINE_EVERY = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream err;
    private final boolean bar;
    private final long total;
    private final long start = System.nanoTime();
    private long lastLine = start;
    private boolean shown;

    /**
     * Starts the display.
     *
     * @param bar whether lines can be overwritten
     */
    Progress(PrintStream err, boolean bar, long total) {
        this.err = err;
        this.bar = bar;
        this.total = total;
    }

    /** Whether standard error is a terminal, as far as Java can know. */
    static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // System.console exists only if input and output are a terminal too.
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | RuntimeException noSuchSystem) {
            return System.console() != null;
        }
    }

    /** Shows the number of bytes done. */
    void show(long done) {
        if (Logs.isQuiet()) {
            return;
        }
        long now = System.nanoTime();
        if (bar) {
            err.print("\r" + line(done, now));
            err.flush();
            shown = true;
        } else if (now - lastLine >= LINE_EVERY) {
            lastLine = now;
            err.println(String.format(
                    Locale.ROOT,
                    "%3d%%  %s  %.1f MB/s",
                    done * 100 / total,
                    OutputFormat.bytes(done),
                    OutputFormat.rate(done, now - start)));
        }
    }

    /** Removes the bar. */
    void end() {
        if (shown) {
            err.print("\r" + " ".repeat(79) + "\r");
            err.flush();
        }
    }

    private String line(long done, long now) {
        int filled = (int) (done * BAR / total);
        double rate = OutputFormat.rate(done, now - start);
        String left = done == 0 ? "" : seconds((long) ((total - done) / (rate * 1e6)));
        String text = String.format(
                Locale.ROOT,
                "[%s%s] %3d%%  %10s  %7.1f MB/s  %s",
                "#".repeat(filled),
                "-".repeat(BAR - filled),
                done * 100 / total,
                OutputFormat.bytes(done),
                rate,
                left);
        return String.format("%-79s", text).substring(0, 79);
    }

    private static String seconds(long seconds) {
        return seconds < 3600
                ? String.format("%d:%02d left", seconds / 60, seconds % 60)
                : String.format("%d h left", seconds / 3600);
    }
}
