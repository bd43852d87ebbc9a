package io.v2ws.internal.io;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * Jetty's scheduler for timers that rarely fire. A tunnel sets several timers of some seconds and cancels nearly all of
 * them. Every timer that is earlier than all others wakes the scheduler's thread, which only starts to wait again. So
 * there is a beat: a timer that does nothing, but is earlier than those of the tunnels. It costs one wake-up per beat
 * instead of several per tunnel, and none while no timers are set. Without it, 5 % fewer tunnels open per second.
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
