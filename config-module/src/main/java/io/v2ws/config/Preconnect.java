package io.v2ws.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What a forwarder's file says of connections that are opened before they are needed, {@code {"preconnect": 4,
 * "preconnect_max_age": "8s"}}. Immutable.
 *
 * @param connections how many to keep ready, 0 to 64
 * @param maxAge how old they may become, 100 ms to 1 hour
 */
public record Preconnect(Optional<Integer> connections, Optional<Duration> maxAge) {
    static final Preconnect UNSAID = new Preconnect(Optional.empty(), Optional.empty());
    static final String KEY = "preconnect";
    static final String MAX_AGE_KEY = "preconnect_max_age";

    private static final int MOST = 64;
    private static final Duration SHORTEST_AGE = Duration.ofMillis(100);
    private static final Duration LONGEST_AGE = Duration.ofHours(1);

    static Preconnect read(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> connections = object.get(KEY);
        return new Preconnect(
                connections.isPresent() ? Optional.of(connections.get().asInt(0, MOST)) : Optional.empty(),
                maxAge(object));
    }

    private static Optional<Duration> maxAge(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get(MAX_AGE_KEY);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Duration age = value.get().asDuration();
        if (age.compareTo(SHORTEST_AGE) < 0 || age.compareTo(LONGEST_AGE) > 0) {
            throw value.get().expected("a duration from \"100ms\" to \"1h\"");
        }
        return Optional.of(age);
    }
}
