package io.v2ws.bench;

import java.util.List;
import java.util.Map;
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
        return measurements.stream()
                .filter(one -> one.key().equals(key) && one.contender().equals(contender))
                .mapToDouble(Measurement::median)
                .findFirst();
    }

    /** The ratio of two medians, if both were measured. */
    OptionalDouble ratio(String key, String contender, String otherKey, String other) {
        OptionalDouble one = median(key, contender);
        OptionalDouble two = median(otherKey, other);
        return one.isPresent() && two.isPresent()
                ? OptionalDouble.of(one.getAsDouble() / two.getAsDouble())
                : OptionalDouble.empty();
    }
}
