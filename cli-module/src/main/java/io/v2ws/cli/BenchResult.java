package io.v2ws.cli;

/**
 * The result of a {@link BenchRun}.
 *
 * @param firstByteNanos from the start of the connect to the first byte back
 * @param upNanos from the first write until the last one completed
 * @param downNanos from the first byte back to the last
 * @param bothNanos from the first write to the last byte back
 */
record BenchResult(long firstByteNanos, long upNanos, long downNanos, long bothNanos) {}
