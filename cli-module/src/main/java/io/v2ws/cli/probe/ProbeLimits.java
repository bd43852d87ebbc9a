package io.v2ws.cli.probe;

import java.time.Duration;

/**
 * The limits of a probe.
 *
 * @param whole time for all steps but the silent tunnel, more than zero
 * @param transfer most bytes sent to measure throughput, 1 or more
 * @param idle how long to stay silent; zero skips that step
 */
public record ProbeLimits(Duration whole, long transfer, Duration idle) {}
