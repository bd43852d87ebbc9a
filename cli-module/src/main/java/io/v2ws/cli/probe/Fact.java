package io.v2ws.cli.probe;

import java.util.List;

/**
 * One finding.
 *
 * @param key the name in JSON
 * @param value a String, Boolean, Number, or a List or Map of these; text of the peer is escaped already
 * @param lines its text in the report; empty if the step's summary says it already
 */
public record Fact(String key, Object value, List<String> lines) {

    /** Copies the lines. */
    public Fact {
        lines = List.copyOf(lines);
    }

    /** Makes a fact that the summary says already. */
    static Fact of(String key, Object value) {
        return new Fact(key, value, List.of());
    }
}
