package io.v2ws.internal.io;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * Jetty's scheduler for timers that are hardly ever due. A tunnel sets several of some seconds and cancels nearly all of
 * them; each that is earlier than all others would wake the thread that waits for the earliest one, only to wait again. So
 * there is a beat, which does nothing but be earlier than they: one wake-up per beat instead of several per tunnel, and none
 * while no timers are set.
 */
public final class BeatScheduler extends ScheduledExecutorScheduler {
    private static final long BEAT_MILLIS = 500;

    private final AtomicBoolean beating = new AtomicBoolean();
    private volatile boolean used;

    /**
     * Makes a scheduler with one daemon thread.
     *
     * @param name of the thread
     */
    public BeatScheduler(String name) {
        super(name, true);
    }

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit unit) {
        if (unit.toMillis(delay) > BEAT_MILLIS) {
            if (!used) {
                used = true;
            }
            if (!beating.get() && beating.compareAndSet(false, true)) {
                beatAgain();
            }
        }
        return super.schedule(task, delay, unit);
    }

    /** Whether the beat runs. */
    boolean isBeating() {
        return beating.get();
    }

    private void beatAgain() {
        super.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (used) {
            used = false;
            beatAgain();
        } else {
            beating.set(false);
        }
    }
}
