package io.v2ws.cli.probe;

import io.v2ws.internal.net.Printable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Formats values for the report. */
final class ReportFormat {
    /** Longer texts are cut. */
    private static final int LONGEST = 300;

    private ReportFormat() {}

    /** Returns a text of the peer, escaped and cut. */
    static String text(String text) {
        return Printable.escape(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
    }

    /** Returns a time in milliseconds, seconds or minutes. */
    static String time(Duration time) {
        double millis = millis(time);
        if (millis < 1000) {
            return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%.0f ms", millis);
        }
        double seconds = millis / 1000;
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%d m %02d s", (int) (seconds / 60), (int) (seconds % 60));
    }

    /** Returns milliseconds with three decimals. */
    static double millis(Duration time) {
        return time.toNanos() / 1_000 / 1_000.0;
    }

    /** Returns a rate in kB/s or MB/s. */
    static String rate(double bytesPerSecond) {
        return bytesPerSecond >= 1e6
                ? String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 1e6)
                : String.format(Locale.ROOT, "%.1f kB/s", bytesPerSecond / 1e3);
    }

    /** Returns a number of bytes, in KiB or MiB if large. */
    static String bytes(long bytes) {
        return bytes < 10_000
                ? bytes + " bytes"
                : bytes < 1 << 20
                        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    /** Returns minimum, median and maximum of some times. */
    static String spread(List<Duration> times) {
        Duration[] sorted = sorted(times);
        return "min " + time(sorted[0]) + ", median " + time(sorted[sorted.length / 2]) + ", max "
                + time(sorted[sorted.length - 1]);
    }

    /** Adds minimum, median and maximum to a step, in milliseconds. */
    static Step spread(Step step, List<Duration> times) {
        if (times.isEmpty()) {
            return step;
        }
        Duration[] sorted = sorted(times);
        return step.fact("min_ms", millis(sorted[0]))
                .fact("median_ms", millis(sorted[sorted.length / 2]))
                .fact("max_ms", millis(sorted[sorted.length - 1]));
    }

    private static Duration[] sorted(List<Duration> times) {
        Duration[] sorted = times.toArray(Duration[]::new);
        Arrays.sort(sorted);
        return sorted;
    }
}
