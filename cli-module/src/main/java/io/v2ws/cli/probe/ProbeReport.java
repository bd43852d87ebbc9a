package io.v2ws.cli.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a probe found out: the one model that is shown as text and as JSON. Immutable.
 *
 * @param url what was probed, as the user wrote it
 * @param time when
 * @param took how long
 * @param steps every {@link StepName} once, in order
 * @param advice sentences for the operator, most important first
 */
public record ProbeReport(String url, Instant time, Duration took, List<Step> steps, List<String> advice) {

    /** Copies the lists. */
    public ProbeReport {
        steps = List.copyOf(steps);
        advice = List.copyOf(advice);
    }

    /** Whether something does not work. */
    public boolean hasFailed() {
        return steps.stream().anyMatch(step -> step.verdict() == Verdict.FAILED);
    }

    /** Returns the result of one step. */
    public Step step(StepName name) {
        return steps.get(name.ordinal());
    }
}
