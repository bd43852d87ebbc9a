package io.v2ws.cli.probe;

import java.util.Locale;

/** The result of a step. */
public enum Verdict {
    /** Works. */
    OK("ok"),
    /** The far end does not support this, but the options do not use it: not a failure. */
    NO("no"),
    /** Works, but not well. */
    WARNING("warn"),
    /** Does not work. */
    FAILED("FAIL"),
    /** Cannot be known from this end. */
    UNKNOWN("?"),
    /** Not tried: an earlier step failed, or the user did not ask for it. */
    NOT_TRIED("-");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** The short text for a column. */
    String label() {
        return label;
    }

    /** The name in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
