package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Something that carries TCP connections from one process to another, or none for comparison. */
interface Contender {
    /** Short and unique; the key in the results. */
    String id();

    /** For tables and charts. */
    String label();

    /** Why it cannot be measured here, and what would help; empty if it can. */
    Optional<String> missing();

    /** Which extra it belongs to; empty if it always takes part. */
    default Optional<Extra> extra() {
        return Optional.empty();
    }

    /** Whether it can do what the route asks for. */
    default boolean supports(Route route) {
        return true;
    }

    /** What has to be shipped, if that is one file. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /** Starts it. */
    Line start(Route route) throws IOException;
}
