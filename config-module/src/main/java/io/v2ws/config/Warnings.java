package io.v2ws.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what a source says in vain. Not thread-safe. */
final class Warnings {
    /** A file may be full of it; nobody reads more. */
    private static final int MOST = 50;

    /** The warning about a key that has a meaning for TLS only. */
    static final String WITHOUT_TLS = "not used: there is no TLS here";

    private final Set<String> lines = new LinkedHashSet<>();

    void add(ConfigNode at, String problem) {
        add(at.errorAtKey(problem).getMessage());
    }

    void add(String line) {
        if (lines.size() < MOST) {
            lines.add(line);
        }
    }

    /** Warns of the keys of an object that nobody has looked at; {@code null}, and what is off, say nothing. */
    void addUnused(ConfigObject object, String... used) {
        List<String> known = List.of(used);
        for (String key : object.keys()) {
            object.get(key)
                    .filter(value -> !known.contains(key) && !value.isEmptyOrFalse())
                    .ifPresent(value -> add(value, "not taken over: v2ws has no such option"));
        }
    }

    /** Warns of the keys of an object that have a meaning for TLS only, where there is none. */
    void addWithoutTls(ConfigObject object, String... keys) {
        for (String key : keys) {
            object.get(key).filter(value -> !value.isEmptyOrFalse()).ifPresent(value -> add(value, WITHOUT_TLS));
        }
    }

    List<String> lines() {
        return new ArrayList<>(lines);
    }
}
