package io.v2ws.bench;

import java.util.List;

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
        double[] sorted = sorted();
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
