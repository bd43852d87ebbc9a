package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F10, second by second, with a clock of the test's; {@code FrameKeepaliveRules} have the real one. */
class KeepaliveTest {
    private static final int INTERVAL = 20;
    private static final int PONG_TIMEOUT = 8;
    private static final int LIMIT = INTERVAL + PONG_TIMEOUT;

    private final Time time = new Time();
    private int pings;
    private boolean dead;
    private boolean writing;
    private long unconfirmed;
    private Keepalive keepalive;

    @BeforeEach
    void start() {
        keepalive = new Keepalive(
                WebSocketTransportOptions.builder()
                        .pingInterval(Duration.ofSeconds(INTERVAL))
                        .pongTimeout(Duration.ofSeconds(PONG_TIMEOUT))
                        .build(),
                time,
                new FakeLink(),
                silence -> dead = true,
                () -> time.now);
        keepalive.start();
    }

    private final class FakeLink implements Keepalive.Link {
        @Override
        public boolean isReading() {
            return true;
        }

        @Override
        public boolean isWriting() {
            return writing;
        }

        @Override
        public long unconfirmedBytes() {
            return unconfirmed;
        }

        @Override
        public void ping() {
            pings++;
        }
    }

    /** What runs when it is due, unless the process stands still. */
    private static final class Time extends AbstractLifeCycle implements Scheduler {
        // Any value, also one that wraps soon.
        private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(25);
        private Runnable task;
        private long due;
        private int timers;

        @Override
        public Task schedule(Runnable command, long delay, TimeUnit units) {
            task = command;
            due = now + units.toNanos(delay);
            timers++;
            return () -> task == command;
        }

        /** Lets time pass. */
        void run(long seconds) {
            long end = now + TimeUnit.SECONDS.toNanos(seconds);
            while (task != null && due - end <= 0) {
                now = Math.max(due - now, 0) + now;
                Runnable next = task;
                task = null;
                next.run();
            }
            now = end;
        }

        /** Lets time pass in which nothing runs. */
        void stop(long seconds) {
            now += TimeUnit.SECONDS.toNanos(seconds);
        }
    }

    @Test
    void f10_silentPeerIsPingedAndThenDead() {
        time.run(INTERVAL - 1);
        assertThat(pings).isZero();
        time.run(2);
        assertThat(pings).isEqualTo(1);
        time.run(LIMIT - INTERVAL - 2);
        assertThat(dead).isFalse();
        time.run(2);
        assertThat(dead).isTrue();
        assertThat(pings).isEqualTo(1);
    }

    @ParameterizedTest(name = "stopped after {0} s")
    // Before the ping; just after it; in the middle of the wait; just before its end.
    @ValueSource(ints = {1, 10, 19, 21, 24, 27})
    void f10_peerIsPingedOnceMoreAfterThisProcessStoodStillAndHasTheWholePongTimeout(int before) {
        time.run(before);
        int sent = pings;
        time.stop(10L * LIMIT);
        time.run(0);
        assertThat(dead).isFalse();
        assertThat(pings).isEqualTo(sent + 1);
        time.run(PONG_TIMEOUT - 1);
        assertThat(dead).isFalse();
        time.run(2);
        assertThat(dead).isTrue();
        assertThat(pings).isEqualTo(sent + 1);
    }

    @Test
    void f10_stopThatEndsJustBeforeTheVerdictIsNoticedToo() {
        time.run(INTERVAL + 1);
        assertThat(pings).isEqualTo(1);
        time.stop(PONG_TIMEOUT - 2);
        time.run(3);
        assertThat(dead).isFalse();
        assertThat(pings).isEqualTo(2);
        time.run(PONG_TIMEOUT);
        assertThat(dead).isTrue();
    }

    @Test
    void f10_peerThatAnswersAfterThisProcessStoodStillIsAlive() {
        time.stop(10L * LIMIT);
        time.run(1);
        keepalive.alive();
        time.run(INTERVAL + PONG_TIMEOUT - 1);
        assertThat(dead).isFalse();
        assertThat(pings).isEqualTo(2);
    }

    @Test
    void f10_healthyIdleLinkCostsTwoTimersPerPing() {
        for (int i = 0; i < 10; i++) {
            time.run(INTERVAL + 1);
            keepalive.alive();
        }
        assertThat(dead).isFalse();
        assertThat(pings).isBetween(9, 10);
        assertThat(time.timers).isLessThanOrEqualTo(2 * pings + 2);
    }

    @Test
    void f10_whileAWriteIsStuckTheKernelDecides() {
        writing = true;
        time.run(100L * LIMIT);
        assertThat(dead).isFalse();
        writing = false;
        time.run(LIMIT + 1);
        assertThat(dead).isTrue();
    }

    @ParameterizedTest(name = "{0} bytes per second")
    @ValueSource(longs = {Keepalive.SLOWEST_RATE, 5_000, 20_000})
    void f10_slowPeerThatAnswersEveryPingItSeesIsNeverDead(long rate) {
        // All of it lies in the buffers of both kernels, and the ping behind it.
        unconfirmed = 2_000_000;
        long reads = unconfirmed / rate;
        time.run(reads);
        assertThat(dead).isFalse();
        assertThat(pings).isPositive();
        keepalive.alive();
        unconfirmed = 0;
        time.run(LIMIT - 1);
        assertThat(dead).isFalse();
        time.run(2);
        assertThat(dead).isTrue();
    }

    @Test
    void f10_peerThatAnswersNothingIsDeadWhenEvenASlowOneHadAnswered() {
        unconfirmed = 100 * Keepalive.SLOWEST_RATE;
        time.run(LIMIT + 99);
        assertThat(dead).isFalse();
        time.run(2);
        assertThat(dead).isTrue();
    }

    @Test
    void f10_whatWasSentLongAgoIsTakenToLieInNoBuffer() {
        unconfirmed = Long.MAX_VALUE / 2;
        time.run(LIMIT + Keepalive.MOST_IN_BUFFERS / Keepalive.SLOWEST_RATE + 1);
        assertThat(dead).isTrue();
    }
}
