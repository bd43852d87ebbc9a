package io.v2ws.bench;

import java.util.Locale;

/** Where the load goes, seen from the client. */
enum Direction {
    UP,
    DOWN,
    BOTH;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
