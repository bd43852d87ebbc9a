package io.v2ws.config;

import java.util.List;

/**
 * What was read from a dialect. Immutable.
 *
 * @param tunnel the tunnel
 * @param dialect the dialect it was written in
 * @param warnings what the source says and nobody will act on, one line each, each naming its key
 */
public record ConfigReading(TunnelConfig tunnel, Dialect dialect, List<String> warnings) {
    /** Copies the list. */
    public ConfigReading {
        warnings = List.copyOf(warnings);
    }
}
