package io.v2ws.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What was measured of one contender in one situation.
 *
 * @param key the situation, parts separated by slashes: {@code plain/1/up}
 * @param contender whom it was measured of
 * @param unit of the samples
 * @param samples at least one
 */
record Measurement(String key, String contender, String unit, List<Double> samples) {

    double median() {
        return median(sorted());
    }

    /**
     * How this compares to another measurement: the median of the ratios round by round, which what both suffered from
     * in a round does not change. Where one has missed a round, the ratio of the medians.
     */
    double ratio(Measurement other) {
        if (samples.size() != other.samples.size()) {
            return median() / other.median();
        }
        return median(IntStream.range(0, samples.size())
                .mapToDouble(round -> samples.get(round) / other.samples.get(round))
                .sorted()
                .toArray());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
        return sorted()[0];
    }

    double most() {
        return sorted()[samples.size() - 1];
    }

    private double[] sorted() {
        return samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
}
