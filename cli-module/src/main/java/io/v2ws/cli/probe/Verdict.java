package io.v2ws.cli.probe;

import java.util.Locale;

/** How a step ended. */
public enum Verdict {
    /** As it should be. */
    OK("ok"),
    /** The far end does not have this, and nobody asked for it: no fault. */
    NO("no"),
    /** It works, but not well. */
    WARNING("warn"),
    /** It does not work. */
    FAILED("FAIL"),
    /** It cannot be known from this end. */
    UNKNOWN("?"),
    /** A step before it failed, or nobody asked. */
    NOT_TRIED("-");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** The few letters for a column. */
    String label() {
        return label;
    }

    /** The name in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
