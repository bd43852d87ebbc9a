package io.v2ws.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Limits the attempts to connect to a server that is down, or that closes every connection at once: after each failure
 * a pause, twice as long as the previous one, and then a single attempt.
 *
 * <p>Not thread-safe: guarded by the owner's lock.
 */
final class RetryPause {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private int failures;
    private long failedAt;
    private Scheduler.Task task;

    RetryPause(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Whether the last attempt failed. */
    boolean failing() {
        return failures > 0;
    }

    /** Whether a pause runs, in which no attempt may start. */
    boolean pausing() {
        return task != null;
    }

    /** Whether no pause runs, and {@code born}, by {@link System#nanoTime()}, is after the last failure. */
    boolean isOver(long born) {
        return task == null && born - failedAt > 0;
    }

    /** Begins a pause, unless there is one already. */
    void fail(Runnable afterwards) {
        failedAt = System.nanoTime();
        if (task == null) {
            task = scheduler.schedule(afterwards, millis(failures), TimeUnit.MILLISECONDS);
            failures++;
        }
    }

    /** Ends the pause, if there is one. */
    void end() {
        if (task != null) {
            task.cancel();
            task = null;
        }
    }

    /** Forgets the failures; returns whether there were any. */
    boolean recover() {
        boolean recovered = failing();
        end();
        failures = 0;
        return recovered;
    }

    /** The length of a pause: doubled with each failure before, and spread, as many clients may wait at a time. */
    static long millis(int failuresBefore) {
        long full = fullMillis(failuresBefore);
        return ThreadLocalRandom.current().nextLong(full * 3 / 4, full + 1);
    }

    /** The length of a pause before it is spread. */
    static long fullMillis(int failuresBefore) {
        return Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failuresBefore, 16));
    }
}
