package io.v2ws;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/** At most one timer, replaced by each new one; none any more once it was ended. Safe for any thread. */
final class Deadline {
    private final AutoLock lock = new AutoLock();
    private final Scheduler scheduler;
    private Scheduler.Task task;
    private boolean ended;

    Deadline(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Runs {@code action} after {@code time}, instead of what was set before. */
    void set(Duration time, Runnable action) {
        try (AutoLock ignored = lock.lock()) {
            cancel();
            if (!ended) {
                task = scheduler.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Cancels the timer, for ever. */
    void end() {
        try (AutoLock ignored = lock.lock()) {
            ended = true;
            cancel();
        }
    }

    private void cancel() {
        if (task != null) {
            task.cancel();
            task = null;
        }
    }
}
