package io.v2ws.internal.io;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * At most one timer, replaced by each new one; none any more once it was ended. A timer that was replaced does nothing,
 * also if it has just fired. Safe for any thread.
 */
public final class Deadline {
    private final Scheduler scheduler;
    /** The timer that counts, or null; guarded by this object's monitor, which costs an idle tunnel no memory. */
    private Timer current;

    private boolean ended;

    public Deadline(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Runs {@code action} after {@code time}, instead of what was set before. */
    public void set(Duration time, Runnable action) {
        extendWhile(() -> false, time, action);
    }

    /**
     * Runs {@code action} after {@code time}, instead of what was set before. If {@code extended} says so then, the
     * timer starts again instead.
     */
    public void extendWhile(BooleanSupplier extended, Duration time, Runnable action) {
        synchronized (this) {
            cancel();
            if (!ended) {
                current = new Timer(extended, time, action);
                current.start();
            }
        }
    }

    /** Cancels the timer, for ever. */
    public void end() {
        synchronized (this) {
            ended = true;
            cancel();
        }
    }

    private void cancel() {
        if (current != null) {
            current.task.cancel();
            current = null;
        }
    }

    private final class Timer implements Runnable {
        private final BooleanSupplier extended;
        private final Duration time;
        private final Runnable action;
        private Scheduler.Task task;

        Timer(BooleanSupplier extended, Duration time, Runnable action) {
            this.extended = extended;
            this.time = time;
            this.action = action;
        }

        void start() {
            task = scheduler.schedule(this, time.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void run() {
            // Called without the monitor: it may itself set another timer.
            boolean again = extended.getAsBoolean();
            synchronized (Deadline.this) {
                if (current != this) {
                    return;
                }
                if (again) {
                    start();
                    return;
                }
                current = null;
            }
            action.run();
        }
    }
}
