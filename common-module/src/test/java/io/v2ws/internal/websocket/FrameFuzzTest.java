package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.util.Random;
import java.util.stream.LongStream;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Properties of the direct engine, on made-up bytes: where TCP cuts them changes nothing. A failure names its seed;
 * {@code -Dv2ws.seed=…} runs that one alone.
 */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrameFuzzTest {
    private static final Long ONE_SEED = Long.getLong("v2ws.seed");
    private static final int MANY = 40;
    private static final int FEW = 10;

    private final Scheduler scheduler = new ScheduledExecutorScheduler("fuzz-scheduler", true);
    private final ByteBufferPool pool = new ArrayByteBufferPool();
    /** Remembers a stack for every chunk: for the tests with few of them. */
    private final ArrayByteBufferPool.Tracking tracking = new ArrayByteBufferPool.Tracking();

    @BeforeAll
    void startScheduler() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void everyBufferWasGivenBack() {
        LeakCheck.assertNoLeakedBuffers(tracking);
    }

    @AfterAll
    void stopScheduler() throws Exception {
        scheduler.stop();
    }

    /** The same ones each time, and as many that are new each time. */
    private static LongStream seeds(int count) {
        long fresh = new Random().nextInt() * 1_000L;
        return ONE_SEED == null
                ? LongStream.concat(LongStream.range(0, count), LongStream.range(fresh, fresh + count))
                : LongStream.of(ONE_SEED);
    }

    private interface Property {
        void check(long seed) throws IOException;
    }

    private static void forAllSeeds(int count, Property property) {
        seeds(count).forEach(seed -> {
            try {
                property.check(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("with -Dv2ws.seed=" + seed, e);
            }
        });
    }

    @Test
    void f1_legalFramesCutAtRandomPlacesYieldTheSameStreamAndTheSameAnswers() {
        forAllSeeds(MANY, seed -> {
            boolean server = (seed & 1) == 0;
            FrameScript script = FrameScript.of(seed, server, Integer.MAX_VALUE);
            Random random = new Random(seed);
            assertThat(run(server, script.wire(), script.wire().length, random)).isEqualTo(script.expected());
            for (int most : new int[] {20, 1_000, 100_000}) {
                assertThat(run(server, script.wire(), most, random)).isEqualTo(script.expected());
            }
        });
    }

    @Test
    void f1_shortFramesCutAtEveryPlaceYieldTheSameStreamAndTheSameAnswers() {
        forAllSeeds(FEW, seed -> {
            boolean server = (seed & 1) == 0;
            FrameScript script = FrameScript.of(seed, server, 10);
            byte[] wire = script.wire();
            for (int cut = 0; cut <= wire.length; cut++) {
                FrameWire link = new FrameWire(server, FrameWire.Reader.EAGER, scheduler, tracking);
                link.feed(wire, 0, cut);
                link.feed(wire, cut, wire.length);
                assertThat(link.end()).as("cut at %d", cut).isEqualTo(script.expected());
            }
            assertThat(run(server, wire, 1, new Random(seed))).isEqualTo(script.expected());
        });
    }

    @Test
    void f7_framesWithFlippedBitsEndTheSameHoweverTheyAreCut() {
        forAllSeeds(MANY, seed -> {
            Random random = new Random(seed);
            boolean server = random.nextBoolean();
            byte[] wire = FrameScript.of(seed, server, 300).wire();
            for (int flips = random.nextInt(4); flips >= 0 && wire.length > 0; flips--) {
                wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertEndsTheSame(server, wire, random);
        });
    }

    @Test
    void f7_noiseEndsTheSameHoweverItIsCut() {
        forAllSeeds(MANY, seed -> {
            Random random = new Random(seed);
            byte[] wire = new byte[random.nextInt(300)];
            random.nextBytes(wire);
            for (int i = 0; i < 20; i++) {
                // Something that looks like the start of a frame gets deeper.
                byte[] start = {(byte) (random.nextInt(11) | 0x80), (byte) random.nextInt()};
                System.arraycopy(start, 0, wire, 0, Math.min(start.length, wire.length));
                assertEndsTheSame(random.nextBoolean(), wire, random);
            }
        });
    }

    private void assertEndsTheSame(boolean server, byte[] wire, Random random) throws IOException {
        FrameWire.Result whole = run(server, wire, wire.length, random);
        assertThat(whole.code()).matches(code -> code == 0 || (code >= 1000 && code <= 4999));
        assertThat(run(server, wire, 1, random)).isEqualTo(whole);
        assertThat(run(server, wire, 30, random)).isEqualTo(whole);
    }

    /** Feeds the bytes in pieces of 1 to {@code most}; of just {@code most}, where that is 1 or everything. */
    private FrameWire.Result run(boolean server, byte[] wire, int most, Random random) throws IOException {
        FrameWire.Reader reader = FrameWire.Reader.values()[random.nextInt(2)];
        FrameWire link = new FrameWire(server, reader, scheduler, pool);
        for (int at = 0; at < wire.length; ) {
            int size = most >= wire.length ? wire.length : 1 + random.nextInt(most);
            int end = Math.min(wire.length, at + size);
            link.feed(wire, at, end);
            at = end;
        }
        return link.end();
    }
}
