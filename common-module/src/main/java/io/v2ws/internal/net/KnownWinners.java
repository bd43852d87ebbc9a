package io.v2ws.internal.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Remembers which address of a host connected where an earlier one did not, so that the next connects begin with that
 * address. It forgets after {@link #MEMORY}: the earlier address gets another chance then. Safe for any thread.
 */
final class KnownWinners {
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** Most programs have a handful of hosts; one that has more waits for the first address again. */
    private static final int MOST_HOSTS = 1000;

    private record Winner(InetAddress address, long since) {}

    private final Map<String, Winner> winners = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** Makes an empty memory with a clock, as {@link System#nanoTime}. */
    KnownWinners(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the addresses of a host with the winner in front, if there is one. */
    List<InetSocketAddress> first(String host, List<InetSocketAddress> addresses) {
        Winner winner = winners.get(host);
        if (winner == null) {
            return addresses;
        }
        if (nanoTime.getAsLong() - winner.since > MEMORY.toNanos()) {
            winners.remove(host, winner);
            return addresses;
        }
        List<InetSocketAddress> sorted = new ArrayList<>(addresses);
        sorted.sort((one, other) -> Boolean.compare(isNot(winner, one), isNot(winner, other)));
        return sorted;
    }

    private static boolean isNot(Winner winner, InetSocketAddress address) {
        return !address.getAddress().equals(winner.address);
    }

    /** An address has connected, and was not the first that was tried. */
    void won(String host, InetAddress address) {
        if (winners.size() >= MOST_HOSTS) {
            winners.clear();
        }
        winners.put(host, new Winner(address, nanoTime.getAsLong()));
    }
}
