package io.v2ws.cli.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The result of a probe, for text and JSON. Immutable.
 *
 * @param url the URL, as the user wrote it
 * @param time when the probe started
 * @param took how long it took
 * @param steps every {@link StepName} once, in order
 * @param advice sentences for the operator, most important first
 */
public record ProbeReport(String url, Instant time, Duration took, List<Step> steps, List<String> advice) {

    /** Copies the lists. */
    public ProbeReport {
        steps = List.copyOf(steps);
        advice = List.copyOf(advice);
    }

    /** Whether a step failed. */
    public boolean hasFailed() {
        return steps.stream().anyMatch(step -> step.verdict() == Verdict.FAILED);
    }

    /** Returns the result of one step. */
    public Step step(StepName name) {
        return steps.get(name.ordinal());
    }
}
