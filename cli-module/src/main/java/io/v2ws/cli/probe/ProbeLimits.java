package io.v2ws.cli.probe;

import java.time.Duration;

/**
 * How much a probe may cost.
 *
 * @param whole for all steps but silence, more than zero
 * @param transfer most bytes sent to measure throughput, 1 or more
 * @param idle how long to stay silent; zero leaves that step out
 */
public record ProbeLimits(Duration whole, long transfer, Duration idle) {}
