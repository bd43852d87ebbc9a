package io.v2ws.cli;

/**
 * What a {@link BenchRun} measured.
 *
 * @param firstByteNanos from the start of the connect to the first byte back
 * @param upNanos from the first write until the last was taken
 * @param downNanos from the first byte back to the last
 * @param bothNanos from the first write to the last byte back
 */
record BenchResult(long firstByteNanos, long upNanos, long downNanos, long bothNanos) {}
