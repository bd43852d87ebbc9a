package io.v2ws.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The results of one row of measurements.
 *
 * @param row which one
 * @param when it was measured, UTC
 * @param commit of v2ws, with a plus sign if the tree had changes
 * @param effort the name of the {@link Effort}
 * @param flags of the JVMs, empty for none
 * @param machine where
 * @param labels of the contenders by id, in order
 * @param notes what could not be measured, and why
 * @param measurements what was
 */
record Section(
        String row,
        String when,
        String commit,
        String effort,
        String flags,
        Map<String, String> machine,
        Map<String, String> labels,
        List<String> notes,
        List<Measurement> measurements) {

    /** The median of what was measured, if it was. */
    OptionalDouble median(String key, String contender) {
        return measurement(key, contender)
                .map(one -> OptionalDouble.of(one.median()))
                .orElse(OptionalDouble.empty());
    }

    /** How one thing compares to another, if both were measured; see {@link Measurement#ratio}. */
    OptionalDouble ratio(String key, String contender, String otherKey, String other) {
        return measurement(key, contender)
                .flatMap(one -> measurement(otherKey, other).map(two -> OptionalDouble.of(one.ratio(two))))
                .orElse(OptionalDouble.empty());
    }

    private Optional<Measurement> measurement(String key, String contender) {
        return measurements.stream()
                .filter(one -> one.key().equals(key) && one.contender().equals(contender))
                .findFirst();
    }
}
