package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** How long warm connections live, and how soon the next may be tried. */
class WarmPolicyTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    private final AgeLimit limit = new AgeLimit(Duration.ofSeconds(8));

    private void died(long born, double age) {
        limit.died(START + born * SECOND, START + born * SECOND + (long) (age * SECOND));
    }

    private long limitAt(long second) {
        return limit.nanos(START + second * SECOND);
    }

    @Test
    void theLimitIsTheConfiguredOneAtFirst() {
        assertThat(limitAt(0)).isEqualTo(8 * SECOND);
    }

    @Test
    void twoDeathsAtOneAgeAreADeadlineOfTheServer() {
        died(0, 4.0);
        assertThat(limitAt(4)).isEqualTo(8 * SECOND);
        died(4, 4.1);
        assertThat(limitAt(9)).isBetween(3 * SECOND, 31 * SECOND / 10);
    }

    @Test
    void whatWasMadeTogetherDiesTogetherAndProvesNothing() {
        died(0, 4.0);
        died(0, 4.01);
        assertThat(limitAt(5)).isEqualTo(8 * SECOND);
        died(4, 4.0);
        assertThat(limitAt(8)).isLessThan(4 * SECOND);
    }

    @Test
    void deathsAtAnyAgeAreNoDeadline() {
        died(0, 5);
        died(5, 2.5);
        died(8, 7);
        died(20, 3);
        assertThat(limitAt(24)).isEqualTo(8 * SECOND);
    }

    @Test
    void whatWasLearnedIsForgottenAfterTenMinutes() {
        died(0, 4.0);
        died(4, 4.0);
        assertThat(limitAt(8 + 9 * 60)).isEqualTo(3 * SECOND);
        assertThat(limitAt(9 + 10 * 60)).isEqualTo(8 * SECOND);
        // One death is nothing again.
        died(10 + 10 * 60, 4.0);
        assertThat(limitAt(15 + 10 * 60)).isEqualTo(8 * SECOND);
    }

    @Test
    void aServerWithALongerDeadlineChangesNothing() {
        died(0, 20);
        died(30, 20);
        assertThat(limitAt(60)).isEqualTo(8 * SECOND);
    }

    @Test
    void pausesDoubleUpTo30Seconds() {
        for (int failures = 0; failures < 100; failures++) {
            long full = failures > 6 ? 30_000 : 250L << failures;
            assertThat(RetryPause.millis(failures)).isBetween(full * 3 / 4, full);
        }
    }

    @Test
    void oneFailureAfterAnotherIsOnePause() throws Exception {
        Scheduler scheduler = new ScheduledExecutorScheduler("policy-test", true);
        scheduler.start();
        try {
            RetryPause pause = new RetryPause(scheduler);
            assertThat(pause.failing()).isFalse();
            assertThat(pause.recover()).isFalse();
            pause.fail(() -> {});
            pause.fail(() -> {});
            assertThat(pause.pausing()).isTrue();
            pause.end();
            assertThat(pause.pausing()).isFalse();
            assertThat(pause.failing()).isTrue();
            assertThat(pause.recover()).isTrue();
            assertThat(pause.failing()).isFalse();
        } finally {
            scheduler.stop();
        }
    }
}
