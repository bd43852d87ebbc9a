package io.v2ws.config;

import java.util.List;

/**
 * A tunnel written in a dialect. Immutable.
 *
 * @param text what that dialect's program reads, its last line ended
 * @param lost what the dialect cannot express, one line each, each naming the option
 */
public record ConfigPrint(String text, List<String> lost) {
    /** Copies the list. */
    public ConfigPrint {
        lost = List.copyOf(lost);
    }

    /** Never shows the text, which may hold credentials. */
    @Override
    public String toString() {
        return "ConfigPrint[lost=" + lost + "]";
    }
}
