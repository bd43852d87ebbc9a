package io.v2ws.bench;

import java.time.Duration;
import java.util.List;

/**
 * How often, how long and how much is measured.
 *
 * @param name what the results say of themselves
 * @param variants whether TLS, the other engine, other flags of the JVM and other ways to the first byte are measured too
 * @param rounds samples of each cell of the throughput table, taken in turns
 * @param warmUp for each contender and direction, before the first sample
 * @param leadIn for each sample, before its window
 * @param window what one sample is averaged over
 * @param connections the numbers of parallel connections
 * @param firstBytes samples of the first byte of each kind
 * @param workers parallel openers of tunnels
 * @param openingWarmUp how long tunnels are opened before the first sample: all of an upgrade has to be compiled first
 * @param opening how long tunnels are opened for one sample
 * @param idleTunnels how many tunnels idle
 * @param settling how long they idle before memory is looked at
 * @param starts samples of the time to start
 */
record Effort(
        String name,
        boolean variants,
        int rounds,
        Duration warmUp,
        Duration leadIn,
        Duration window,
        List<Integer> connections,
        int firstBytes,
        int workers,
        Duration openingWarmUp,
        Duration opening,
        int idleTunnels,
        Duration settling,
        int starts) {

    static final List<Integer> ONE_AND_MANY = List.of(1, 32);

    /** For the tables in the documentation. */
    static Effort full() {
        return new Effort(
                "full",
                true,
                5,
                seconds(3),
                millis(300),
                seconds(2),
                ONE_AND_MANY,
                15,
                32,
                seconds(25),
                seconds(4),
                5_000,
                seconds(8),
                15);
    }

    /** For a look after a change. */
    static Effort quick() {
        return new Effort(
                "quick",
                true,
                3,
                seconds(1),
                millis(100),
                millis(400),
                ONE_AND_MANY,
                5,
                32,
                seconds(6),
                seconds(1),
                2_000,
                seconds(2),
                5);
    }

    /** Shows that it works, and nothing else. */
    static Effort smoke() {
        return new Effort(
                "smoke",
                false,
                1,
                millis(20),
                millis(20),
                millis(50),
                List.of(1, 2),
                2,
                3,
                millis(20),
                millis(100),
                20,
                millis(50),
                1);
    }

    /** Without and with TLS, or only without. */
    List<Boolean> tls() {
        return variants ? List.of(false, true) : List.of(false);
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static Duration millis(int count) {
        return Duration.ofMillis(count);
    }
}
