package io.v2ws.bench;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How often, how long and how much is measured.
 *
 * @param name what the results say of themselves
 * @param extras what is measured beside the least
 * @param rounds samples of each cell of the throughput table, taken in turns
 * @param warmUp for each contender and direction, before the first sample
 * @param leadIn for each sample, before its window
 * @param window what one sample is averaged over
 * @param connections the numbers of parallel connections
 * @param firstBytes samples of the first byte of each kind
 * @param workers parallel openers of tunnels
 * @param openingWarmUp how long tunnels are opened at most before the first sample
 * @param opening how long tunnels are opened for one sample
 * @param idleTunnels how many tunnels idle
 * @param settling how long they idle before memory is looked at; longer than v2ws takes to give some back
 * @param starts samples of the time to start
 */
record Effort(
        String name,
        Set<Extra> extras,
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
                EnumSet.allOf(Extra.class),
                9,
                seconds(3),
                millis(300),
                seconds(2),
                ONE_AND_MANY,
                15,
                32,
                seconds(120),
                seconds(4),
                5_000,
                seconds(30),
                15);
    }

    /** For a look after a change. */
    static Effort quick() {
        return new Effort(
                "quick",
                EnumSet.of(Extra.WAYS),
                3,
                millis(600),
                millis(50),
                millis(350),
                ONE_AND_MANY,
                4,
                32,
                seconds(4),
                seconds(1),
                1_000,
                millis(1500),
                3);
    }

    /** Shows that it works, and nothing else. */
    static Effort smoke() {
        return new Effort(
                "smoke",
                EnumSet.of(Extra.MORE_PEERS),
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

    /** Samples of what takes long, and differs less from one to the next. */
    int fewRounds() {
        return Math.max(1, rounds / 3);
    }

    /** Without and with TLS, or only without. */
    List<Boolean> tls() {
        return extras.contains(Extra.WAYS) ? List.of(false, true) : List.of(false);
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static Duration millis(int count) {
        return Duration.ofMillis(count);
    }
}
