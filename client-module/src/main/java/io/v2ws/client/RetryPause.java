package io.v2ws.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps a client from hammering at a server that is not there, or that closes every connection at once: after each
 * failure a pause, twice as long as the last, and then a single try.
 *
 * <p>Not safe for threads: guarded by the lock of its owner.
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

    /** Whether the last thing that was heard of the server was a failure. */
    boolean failing() {
        return failures > 0;
    }

    /** Whether nothing may be tried now. */
    boolean pausing() {
        return task != null;
    }

    /** Whether what was opened then, by {@link System#nanoTime()}, may tell of better times. */
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

    /** All is well; returns whether it was not before. */
    boolean recover() {
        boolean recovered = failing();
        end();
        failures = 0;
        return recovered;
    }

    /** How long to pause after so many failures before: doubled each time, and spread, as others may wait too. */
    static long millis(int failuresBefore) {
        long full = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failuresBefore, 16));
        return ThreadLocalRandom.current().nextLong(full * 3 / 4, full + 1);
    }
}
