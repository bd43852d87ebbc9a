package io.v2ws.cli.probe;

import java.time.Duration;

/** A moment by which something has to be done. */
record TimeLimit(long nanoTime) {

    static TimeLimit in(Duration time) {
        return new TimeLimit(System.nanoTime() + time.toNanos());
    }

    /** Returns the end of a part, which is never later than this. */
    TimeLimit part(Duration time) {
        TimeLimit part = in(time);
        return part.nanoTime - nanoTime < 0 ? part : this;
    }

    /** What is left, never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
