package io.v2ws.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How old a warm connection may become: what the options say, or less where the server was seen to close such connections
 * itself. One death tells nothing (a restart, say); a second one at about the same age, of a connection made later, is a
 * deadline of the server's. It is forgotten after ten minutes, so that what was a coincidence does no lasting harm.
 *
 * <p>Times are of {@link System#nanoTime()}. Not safe for threads: guarded by the lock of its owner.
 */
final class AgeLimit {
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(10);
    /** Connections that were made together die together. */
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
