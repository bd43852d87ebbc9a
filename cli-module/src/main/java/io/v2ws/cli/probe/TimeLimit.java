package io.v2ws.cli.probe;

import java.time.Duration;

/** A deadline. */
record TimeLimit(long nanoTime) {

    static TimeLimit in(Duration time) {
        return new TimeLimit(System.nanoTime() + time.toNanos());
    }

    /** Returns the deadline of a part, which is never later than this deadline. */
    TimeLimit part(Duration time) {
        TimeLimit part = in(time);
        return part.nanoTime - nanoTime < 0 ? part : this;
    }

    /** The time left, never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
