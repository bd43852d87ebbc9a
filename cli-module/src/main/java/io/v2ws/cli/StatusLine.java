package io.v2ws.cli;

import java.io.PrintStream;

/** Shows the current activity on a terminal, on one line that is overwritten. */
final class StatusLine {
    private static final int WIDTH = 79;

    private final PrintStream err;
    private final boolean visible;

    /**
     * Makes the line.
     *
     * @param visible whether lines can be overwritten; if not, nothing is written
     */
    StatusLine(PrintStream err, boolean visible) {
        this.err = err;
        this.visible = visible;
    }

    /** Shows a few words. */
    void show(String text) {
        if (visible) {
            err.print("\r" + String.format("%-" + WIDTH + "s", text + " …").substring(0, WIDTH));
            err.flush();
        }
    }

    /** Removes the line. */
    void end() {
        if (visible) {
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
        }
    }
}
