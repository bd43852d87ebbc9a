package io.v2ws;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps a WebSocket alive and finds out when it is dead: a ping when nothing was sent for the interval; dead when nothing
 * was received <em>and</em> no write made progress for interval + pong timeout. A peer that is only slow makes progress,
 * and silence while this end does not read means nothing; neither is ever cut. Nor does silence mean anything while this
 * process itself stood still (was stopped, or collected garbage for long), which shows by a timer that comes late: then the
 * peer is asked once more and has the whole pong timeout to answer. While an answer is due there are several timers, so
 * that no long stop falls between two of them.
 *
 * <p>The times are written by the threads that send and receive and read by the scheduler's; a lost update between two of
 * them delays a ping by microseconds, so they are only volatile.
 */
final class Keepalive {
    /** Timers are late by so much on any busy machine. */
    private static final long USUAL_DELAY = TimeUnit.MILLISECONDS.toNanos(100);

    private final Scheduler scheduler;
    private final long interval;
    private final long limit;
    /** The time between two timers while an answer is due: one later than that tells of a process that stood still. */
    private final long step;

    private final LongSupplier clock;
    private final BooleanSupplier isReading;
    private final Runnable sendPing;
    private final Runnable onDead;
    private volatile long lastSent;
    private volatile long lastAlive;
    private volatile Scheduler.Task timer;
    /** When it is to come; written and read by the timers, one after the other. */
    private long due;

    private volatile boolean stopped;

    Keepalive(
            WebSocketTransportOptions options,
            Scheduler scheduler,
            BooleanSupplier isReading,
            Runnable sendPing,
            Runnable onDead) {
        this(options, scheduler, isReading, sendPing, onDead, System::nanoTime);
    }

    /**
     * As above, with a clock of one's own.
     *
     * @param clock as {@link System#nanoTime()}
     */
    Keepalive(
            WebSocketTransportOptions options,
            Scheduler scheduler,
            BooleanSupplier isReading,
            Runnable sendPing,
            Runnable onDead,
            LongSupplier clock) {
        this.scheduler = scheduler;
        this.interval = options.pingInterval().toNanos();
        this.limit = interval + options.pongTimeout().toNanos();
        this.step = options.pongTimeout().toNanos() / 4;
        this.clock = clock;
        this.lastSent = clock.getAsLong();
        this.lastAlive = lastSent;
        this.isReading = isReading;
        this.sendPing = sendPing;
        this.onDead = onDead;
    }

    void start() {
        if (interval > 0) {
            schedule(interval);
        }
    }

    void stop() {
        stopped = true;
        Scheduler.Task task = timer;
        if (task != null) {
            task.cancel();
        }
    }

    /** Something was received, or data went out. */
    void alive() {
        lastAlive = clock.getAsLong();
    }

    /** A frame was handed to the engine. */
    void sending() {
        lastSent = clock.getAsLong();
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (!isReading.getAsBoolean()) {
            alive();
        }
        long now = clock.getAsLong();
        if (now - due > Math.max(step, USUAL_DELAY) && now - lastAlive > interval) {
            // What came meanwhile may lie unread.
            lastAlive = now - interval;
            lastSent = lastAlive;
        }
        if (now - lastAlive >= limit) {
            onDead.run();
            return;
        }
        if (now - lastSent >= interval) {
            sending();
            sendPing.run();
        }
        long untilDead = limit - (now - lastAlive);
        long untilLook = Math.min(untilDead, Math.max(step, untilDead - 3 * step));
        schedule(Math.min(interval - (now - lastSent), untilLook));
    }

    private void schedule(long nanos) {
        // One millisecond at least: a timer that fires a moment early must not spin.
        long millis = Math.max(1, Duration.ofNanos(nanos).toMillis() + 1);
        due = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        timer = scheduler.schedule(this::tick, millis, TimeUnit.MILLISECONDS);
        if (stopped) {
            timer.cancel();
        }
    }
}
