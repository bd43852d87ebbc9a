package io.v2ws.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.LeakCheck;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class BeatSchedulerTest {
    private final BeatScheduler scheduler = new BeatScheduler("beat-test");

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void stop() throws Exception {
        scheduler.stop();
    }

    @Test
    void aTimerRunsNeverEarlyWhetherLongerThanTheBeatOrShorter() throws Exception {
        for (long millis : new long[] {0, 1, 100, 501, 1_100}) {
            long start = System.nanoTime();
            CompletableFuture<Long> ran = new CompletableFuture<>();
            scheduler.schedule(() -> ran.complete(System.nanoTime() - start), millis, TimeUnit.MILLISECONDS);
            assertThat(ran.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        AtomicInteger ran = new AtomicInteger();
        Scheduler.Task cancelled = scheduler.schedule(() -> ran.addAndGet(100), 600, TimeUnit.MILLISECONDS);
        scheduler.schedule(ran::incrementAndGet, 700, TimeUnit.MILLISECONDS);
        assertThat(cancelled.cancel()).isTrue();
        Awaitility.await().until(() -> ran.get() > 0);
        assertThat(ran).hasValue(1);
    }

    @Test
    void theBeatStopsWhenNobodySetsTimersAndStartsAgain() {
        for (int i = 0; i < 2; i++) {
            scheduler.schedule(() -> {}, 1, TimeUnit.HOURS).cancel();
            assertThat(scheduler.isBeating()).isTrue();
            Awaitility.await().until(() -> !scheduler.isBeating());
        }
    }
}
