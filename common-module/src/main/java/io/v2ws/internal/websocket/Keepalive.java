package io.v2ws.internal.websocket;

import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps a WebSocket alive and finds out when it is dead (F10): a ping when nothing was sent for the interval; dead when
 * nothing was received <em>and</em> no write made progress for interval + pong timeout. A slow link is never cut:
 *
 * <ul>
 *   <li>While a write is stuck, the kernel decides: it retransmits, or the peer's kernel acknowledges, for as long as
 *       TCP allows. From here both look the same.
 *   <li>What was handed to the kernel lies in front of the ping, in the buffers of both ends. The peer has the time
 *       that these bytes need at {@link #SLOWEST_RATE} in addition.
 *   <li>Silence means nothing while this end does not read, nor while this process stood still (was stopped, or
 *       collected garbage for long). The latter shows by a timer that comes late: then the peer is asked once more and
 *       has the whole pong timeout to answer. While an answer is due there are several timers, so that no long stop
 *       falls between two of them.
 * </ul>
 *
 * <p>The times are written by the threads that send and receive and read by the scheduler's; a lost update between two
 * of them delays a ping by microseconds, so they are only volatile.
 */
final class Keepalive {
    /** Timers are late by so much on any busy machine. */
    private static final long USUAL_DELAY = TimeUnit.MILLISECONDS.toNanos(100);

    /** A peer that reads less than this, in bytes per second, may be taken for dead. */
    static final long SLOWEST_RATE = 1024;

    /** No more than this lies in the buffers of both kernels: the most that Linux gives to a connection, twice. */
    static final long MOST_IN_BUFFERS = 8L << 20;

    /** The stream that is kept alive. */
    interface Link {
        /** Whether a frame was asked for and has not come. */
        boolean isReading();

        /** Whether a write has not been taken by the kernel yet. */
        boolean isWriting();

        /** How many bytes went out of which no pong says that the peer has taken them. */
        long unconfirmedBytes();

        /** Sends a ping. */
        void ping();
    }

    private final Scheduler scheduler;
    private final long interval;
    private final long limit;
    /** The time between two timers while an answer is due: one later than that tells of a process that stood still. */
    private final long step;

    private final LongSupplier clock;
    private final Link link;
    private final Consumer<Duration> onDead;
    private volatile long lastSent;
    private volatile long lastAlive;
    private volatile Scheduler.Task timer;
    /** When it is to come; written and read by the timers, one after the other. */
    private long due;

    private volatile boolean stopped;

    /**
     * Makes the keepalive of one stream.
     *
     * @param onDead called once, with the time of silence
     */
    Keepalive(WebSocketTransportOptions options, Scheduler scheduler, Link link, Consumer<Duration> onDead) {
        this(options, scheduler, link, onDead, System::nanoTime);
    }

    /**
     * As above, with a clock of one's own.
     *
     * @param clock as {@link System#nanoTime()}
     */
    Keepalive(
            WebSocketTransportOptions options,
            Scheduler scheduler,
            Link link,
            Consumer<Duration> onDead,
            LongSupplier clock) {
        this.scheduler = scheduler;
        this.interval = options.pingInterval().toNanos();
        this.limit = interval + options.pongTimeout().toNanos();
        this.step = options.pongTimeout().toNanos() / 4;
        this.clock = clock;
        this.lastSent = clock.getAsLong();
        this.lastAlive = lastSent;
        this.link = link;
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
        if (!link.isReading() || link.isWriting()) {
            alive();
        }
        long now = clock.getAsLong();
        if (now - due > Math.max(step, USUAL_DELAY) && now - lastAlive > interval) {
            // What came meanwhile may lie unread.
            lastAlive = now - interval;
            lastSent = lastAlive;
        }
        long patience = limit + timeToDeliver();
        if (now - lastAlive >= patience) {
            onDead.accept(Duration.ofNanos(patience));
            return;
        }
        if (now - lastSent >= interval) {
            sending();
            link.ping();
        }
        long untilDead = patience - (now - lastAlive);
        long untilLook = Math.min(untilDead, Math.max(step, untilDead - 3 * step));
        schedule(Math.min(interval - (now - lastSent), untilLook));
    }

    /** How long a slow peer may need until it sees the ping. */
    private long timeToDeliver() {
        long bytes = Math.min(link.unconfirmedBytes(), MOST_IN_BUFFERS);
        return TimeUnit.SECONDS.toNanos(bytes) / SLOWEST_RATE;
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
