package io.v2ws.internal.io;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/** At most one timer, replaced by each new one; none any more once it was ended. Safe for any thread. */
public final class Deadline {
    private final AutoLock lock = new AutoLock();
    private final Scheduler scheduler;
    private Scheduler.Task task;
    private boolean ended;

    public Deadline(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Runs {@code action} after {@code time}, instead of what was set before. */
    public void set(Duration time, Runnable action) {
        try (AutoLock ignored = lock.lock()) {
            cancel();
            if (!ended) {
                task = scheduler.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Cancels the timer, for ever. */
    public void end() {
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
