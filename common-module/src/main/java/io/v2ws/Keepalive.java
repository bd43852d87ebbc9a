package io.v2ws;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps a WebSocket alive and finds out when it is dead: a ping when nothing was sent for the interval; dead when nothing
 * was received <em>and</em> no write made progress for interval + pong timeout. A peer that is only slow makes progress,
 * and silence while this end does not read means nothing; neither is ever cut.
 *
 * <p>The times are written by the threads that send and receive and read by the scheduler's; a lost update between two of
 * them delays a ping by microseconds, so they are only volatile.
 */
final class Keepalive {
    private final Scheduler scheduler;
    private final long interval;
    private final long limit;
    private final BooleanSupplier isReading;
    private final Runnable sendPing;
    private final Runnable onDead;
    private volatile long lastSent = System.nanoTime();
    private volatile long lastAlive = lastSent;
    private volatile Scheduler.Task timer;
    private volatile boolean stopped;

    Keepalive(
            WebSocketTransportOptions options,
            Scheduler scheduler,
            BooleanSupplier isReading,
            Runnable sendPing,
            Runnable onDead) {
        this.scheduler = scheduler;
        this.interval = options.pingInterval().toNanos();
        this.limit = interval + options.pongTimeout().toNanos();
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
        lastAlive = System.nanoTime();
    }

    /** A frame was handed to the engine. */
    void sending() {
        lastSent = System.nanoTime();
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (!isReading.getAsBoolean()) {
            alive();
        }
        long now = System.nanoTime();
        if (now - lastAlive >= limit) {
            onDead.run();
            return;
        }
        if (now - lastSent >= interval) {
            sending();
            sendPing.run();
        }
        schedule(Math.min(interval - (now - lastSent), limit - (now - lastAlive)));
    }

    private void schedule(long nanos) {
        // One millisecond at least: a timer that fires a moment early must not spin.
        long millis = Math.max(1, Duration.ofNanos(nanos).toMillis() + 1);
        timer = scheduler.schedule(this::tick, millis, TimeUnit.MILLISECONDS);
        if (stopped) {
            timer.cancel();
        }
    }
}
