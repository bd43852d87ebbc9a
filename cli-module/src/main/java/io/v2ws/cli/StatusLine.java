package io.v2ws.cli;

import java.io.PrintStream;

/** Says on a terminal what is done right now, on a line that is written over. */
final class StatusLine {
    private static final int WIDTH = 79;

    private final PrintStream err;
    private final boolean visible;

    /**
     * Makes the line.
     *
     * @param visible whether lines can be written over; if not, nothing is written
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

    /** Takes the line away. */
    void end() {
        if (visible) {
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
        }
    }
}
