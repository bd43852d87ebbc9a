package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F10: when this end pings, and when it takes a link for dead. */
@EveryEnd
class KeepaliveTest extends StreamRules {

    private static final long INTERVAL = 200;
    private static final long LIMIT = 2 * INTERVAL;
    private static final WebSocketTransportOptions.Builder SHORT = keepalive(INTERVAL, INTERVAL);
    /** Pings come, but the link is not taken for dead while a test looks. */
    private static final WebSocketTransportOptions.Builder PATIENT = keepalive(INTERVAL, 30_000);

    private static long since(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void f10_aPingGoesOutWheneverNothingWasSentForTheInterval() throws Exception {
        Link link = open(PATIENT).read();
        link.peer().expectFrame(FrameBytes.PING);
        long start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            RawFrame ping = link.peer().expectFrame(FrameBytes.PING);
            assertThat(ping.payload().length).isLessThanOrEqualTo(125);
            assertThat(ping.masked()).isEqualTo(!isServer());
        }
        // The first may have been late, the scheduler is allowed a little.
        assertThat(since(start)).isGreaterThan(2 * INTERVAL);
    }

    @Test
    void f10_aStreamThatNobodyReadsPingsToo() throws Exception {
        Link link = open(PATIENT);
        link.peer().expectFrame(FrameBytes.PING);
    }

    @Test
    void f10_noPingGoesOutWhileDataIsSent() throws Exception {
        Link link = open(keepalive(1_000, 30_000)).read();
        long start = System.nanoTime();
        long last = start;
        while (since(start) < 1_600) {
            writeNow(link.stream(), (byte) 1);
            assertThat(link.peer().readFrame().opcode()).isEqualTo(FrameBytes.BINARY);
            long slept = last;
            await().pollInterval(Duration.ofMillis(20)).until(() -> since(slept) > 50);
            last = System.nanoTime();
        }
    }

    @Test
    void f10_zeroSwitchesPingsOff() throws Exception {
        Link link = open(keepalive(0, 100)).read();
        long start = System.nanoTime();
        await().until(() -> since(start) > 600);
        link.reader().assertOpen();
        link.peer().sendPing((byte) 1);
        link.peer().expectFrame(FrameBytes.PONG);
    }

    @Test
    void f10_aPeerThatNeitherReadsNorAnswersIsFoundDead() throws Exception {
        long start = System.nanoTime();
        Link link = open(SHORT).read();
        Throwable failure = link.reader().expectFailure();
        assertThat(since(start)).isBetween(LIMIT, LIMIT + 5_000);
        assertThat(codeOf(failure)).isEqualTo(1006);
        assertThat(failure).hasMessageContaining("dead").hasMessageContaining(LIMIT + " ms");
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f10_aPeerThatStopsReadingForLongIsNotCutWhileAWriteIsStuck() throws Exception {
        // Made before the link: a busy machine needs longer for this than a silent peer has.
        byte[] payload = Bytes.random(11, 16 << 20);
        Link link = openWithSmallBuffer(keepalive(500, 500)).read();
        CompletableFuture<Void> written = write(link.stream(), false, payload);
        long start = System.nanoTime();
        await().until(() -> since(start) > 3_000);
        link.reader().assertOpen();
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
    }

    @Test
    void f10_aPeerHasTheTimeThatWhatWasSentToItNeedsOnASlowLink() throws Exception {
        // All of it lies in the kernels' buffers, and the ping behind it: 3 s at 1 KiB/s.
        Link link = open(SHORT).read();
        byte[] payload = Bytes.random(12, 3 * 1024);
        writeNow(link.stream(), payload);
        long start = System.nanoTime();
        await().until(() -> since(start) > 4 * LIMIT);
        link.reader().assertOpen();
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        link.peer().sendPong(link.peer().expectFrame(FrameBytes.PING).payload());
        long answered = System.nanoTime();
        // From here on nothing is on its way any more, and the usual time is enough.
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
        assertThat(since(answered)).isBetween(LIMIT - INTERVAL, LIMIT + 2_000);
    }

    @Test
    void f10_aPeerThatOnlyAnswersPingsIsAlive() throws Exception {
        Link link = open(SHORT).read();
        long start = System.nanoTime();
        while (since(start) < 3 * LIMIT) {
            link.peer().sendPong(link.peer().expectFrame(FrameBytes.PING).payload());
        }
        link.reader().assertOpen();
    }

    @Test
    void f10_aPeerThatSendsButAnswersNoPingIsAlive() throws Exception {
        Link link = open(SHORT).read();
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(INTERVAL / 4))
                .until(() -> {
                    link.peer().sendBinary((byte) 1);
                    return since(start) > 3 * LIMIT;
                });
        link.reader().assertOpen();
        assertThat(link.reader().count()).isPositive();
    }

    @ParameterizedTest(name = "writes of {0} bytes")
    @ValueSource(ints = {64 * 1024, 10 << 20})
    void f10_aPeerThatReadsSlowlyButSteadilyIsNeverCut(int size) throws Exception {
        int total = 10 << 20;
        byte[] payload = Bytes.random(10, total);
        Link link = openWithSmallBuffer(keepalive(500, 500)).read();
        CompletableFuture<Void> all = Background.run(() -> {
            for (int at = 0; at < total; at += size) {
                write(link.stream(), false, java.util.Arrays.copyOfRange(payload, at, at + size))
                        .join();
            }
        });
        var digest = Bytes.digest("SHA-256");
        long start = System.nanoTime();
        int step = 64 * 1024;
        for (int at = 0; at < total; at += step) {
            long due = start + at / step * TimeUnit.MILLISECONDS.toNanos(15);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() >= due);
            digest.update(link.peer().readBinary(step));
        }
        assertThat(since(start)).isGreaterThan(2_000);
        all.get(10, TimeUnit.SECONDS);
        link.reader().assertOpen();
        assertThat(digest.digest()).isEqualTo(Bytes.digest("SHA-256").digest(payload));
    }

    @Test
    void f10_silenceMeansNothingWhileNobodyReadsHere() throws Exception {
        Link link = open(SHORT);
        long start = System.nanoTime();
        while (since(start) < 3 * LIMIT) {
            link.peer().expectFrame(FrameBytes.PING);
        }
        assertThat(link.stream().closed()).isNotDone();
        link.peer().sendBinary((byte) 1);
        link.read();
        link.reader().expect(new byte[] {1});
    }
}
