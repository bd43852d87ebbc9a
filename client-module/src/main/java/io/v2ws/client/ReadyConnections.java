package io.v2ws.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The warm connections that wait for a request. Not thread-safe: guarded by the owner's lock. */
final class ReadyConnections {
    /** The oldest first. */
    private final Deque<WarmConnection> young = new ArrayDeque<>();
    /** Connections whose replacement is being opened; they can still be used. */
    private final Deque<WarmConnection> aged = new ArrayDeque<>();

    /** How many connections need no replacement. */
    int young() {
        return young.size();
    }

    boolean allYoung(Predicate<WarmConnection> condition) {
        return young.stream().allMatch(condition);
    }

    void add(WarmConnection warm) {
        young.addLast(warm);
    }

    /** Puts polled connections back, behind all others. */
    void putBack(List<WarmConnection> polled) {
        polled.forEach(young::addFirst);
    }

    boolean remove(WarmConnection warm) {
        return young.remove(warm) || aged.remove(warm);
    }

    /** Marks a connection that needs a replacement now. */
    void age(WarmConnection warm) {
        if (young.remove(warm)) {
            aged.addLast(warm);
        }
    }

    /** Takes out the youngest, which is least likely to be near the server's idle timeout; null if there is none. */
    WarmConnection pollYoungest() {
        return young.isEmpty() ? aged.pollLast() : young.pollLast();
    }

    /** Takes out a connection that has been replaced; null if there is none. */
    WarmConnection pollReplaced() {
        return aged.pollFirst();
    }

    List<WarmConnection> all() {
        List<WarmConnection> all = new ArrayList<>(young);
        all.addAll(aged);
        return all;
    }

    List<WarmConnection> pollAll() {
        List<WarmConnection> all = all();
        young.clear();
        aged.clear();
        return all;
    }
}
