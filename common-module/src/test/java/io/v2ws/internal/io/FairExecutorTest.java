package io.v2ws.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.ByteStream;
import io.v2ws.internal.websocket.FrameWire;
import io.v2ws.relay.FakeStream;
import io.v2ws.relay.Relay;
import io.v2ws.relay.RelayOutcome;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has been busy for a while lets others go ahead; the test is all threads. */
class FairExecutorTest {
    private static final int MOST = FairExecutor.MOST;
    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS_OF_THREE_TURNS = 3 * FairExecutor.LENGTH / CHUNK;

    private final Queue<Runnable> started = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private boolean stopped;
    private final Executor executor = task -> {
        if (stopped) {
            throw new RejectedExecutionException("stopped");
        }
        started.add(task);
    };

    /** Each turn belongs to a connection of its own. */
    private void enqueue(int number) {
        new FairExecutor(executor).next(() -> done.add(number));
    }

    private void enqueue(int from, int to) {
        for (int i = from; i < to; i++) {
            enqueue(i);
        }
    }

    private void runAll() {
        while (!started.isEmpty()) {
            started.remove().run();
        }
    }

    @Test
    void noMoreTurnsRunAtATimeThanThereAreProcessorsAndThoseBehindComeInOrder() {
        enqueue(0, MOST + 5);
        assertThat(started).hasSize(MOST);
        started.remove().run();
        assertThat(done).startsWith(0).containsSubsequence(waiting()).doesNotContain(MOST - 1);
        runAll();
        assertThat(done).containsExactlyInAnyOrderElementsOf(range(0, MOST + 5));
        enqueue(100, 101 + MOST);
        assertThat(started).as("nobody keeps a place").hasSize(MOST);
    }

    private static List<Integer> waiting() {
        return range(MOST, MOST + 5);
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void aTurnThatThrowsTakesNobodysPlace() {
        for (int i = 0; i < MOST; i++) {
            new FairExecutor(executor).next(() -> {
                throw new AssertionError("broken");
            });
        }
        enqueue(1);
        runAll();
        assertThat(done).containsExactly(1);
        enqueue(2);
        runAll();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aThreadLetsGoOfTheExecutorNowAndThen() {
        enqueue(0, MOST + 40);
        started.remove().run();
        assertThat(done).hasSize(FairExecutor.IN_A_ROW);
        assertThat(started).as("one goes on elsewhere").hasSize(MOST);
        runAll();
        assertThat(done).hasSize(MOST + 40);
    }

    @Test
    void turnsOfThreadsThatStopMeanwhileStillEndWhatTheyBegan() {
        enqueue(0, MOST + 40);
        stopped = true;
        started.remove().run();
        assertThat(done).hasSize(41);
    }

    @Test
    void turnsThatAStoppingPoolDropsStillEndWhatTheyBegan() throws IOException {
        enqueue(0, MOST + 2);
        ((Closeable) started.remove()).close();
        assertThat(done).containsExactly(0, MOST, MOST + 1);
    }

    @Test
    void whoeverComesToStoppedThreadsIsToldAndTakesNobodysPlace() {
        stopped = true;
        for (int i = 0; i < MOST; i++) {
            assertThatThrownBy(() -> enqueue(1)).isInstanceOf(RejectedExecutionException.class);
        }
        stopped = false;
        enqueue(2);
        runAll();
        assertThat(done).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBusyRelayLetsOthersGoAheadAfterATurnAlsoIfEachChunkHasToBeAskedFor(boolean asking) throws Exception {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("turns-test", true);
        scheduler.start();
        try {
            FakeStream from = new FakeStream(true);
            FakeStream to = new FakeStream(true);
            for (int i = 0; i < CHUNKS_OF_THREE_TURNS; i++) {
                from.send(new byte[CHUNK]);
            }
            from.sendEnd();
            ByteStream source = asking ? oneChunkADemand(from) : from;
            CompletableFuture<RelayOutcome> relay = Relay.start(source, to, Duration.ofMinutes(1), scheduler, executor);
            assertThat(started).hasSize(1);
            assertThat(to.written().length).isBetween(FairExecutor.LENGTH - 2 * CHUNK, FairExecutor.LENGTH + CHUNK);
            runAll();
            assertThat(to.written().length).isEqualTo(3 * FairExecutor.LENGTH);
            to.sendEnd();
            from.closeByPeer();
            to.closeByPeer();
            assertThat(relay).isCompleted();
        } finally {
            scheduler.stop();
        }
    }

    /** As a WebSocket does: nothing is there until it is asked for, and then it comes before the question returns. */
    private static ByteStream oneChunkADemand(FakeStream stream) {
        boolean[] asked = new boolean[1];
        return (ByteStream) Proxy.newProxyInstance(
                ByteStream.class.getClassLoader(), new Class<?>[] {ByteStream.class}, (proxy, method, arguments) -> {
                    boolean read = method.getName().equals("read");
                    if (read && !asked[0]) {
                        return null;
                    }
                    asked[0] = method.getName().equals("demand") || asked[0] && !read;
                    return method.invoke(stream, arguments);
                });
    }

    @Test
    void aBusyWebSocketLetsOthersGoAheadAfterATurnWhetherItsFramesAreLargeOrEmpty() throws Exception {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("turns-test", true);
        scheduler.start();
        try {
            assertThat(turnsFor(scheduler, CHUNKS_OF_THREE_TURNS, CHUNK)).isBetween(2, 4);
            assertThat(turnsFor(scheduler, 3 * 1024, 0)).isBetween(2, 4);
            assertThat(turnsFor(scheduler, 8, CHUNK)).isZero();
        } finally {
            scheduler.stop();
        }
    }

    /** How often a connection went to the end of the line while it read so many frames. */
    private static int turnsFor(ScheduledExecutorScheduler scheduler, int frames, int length) throws IOException {
        FrameWire wire = new FrameWire(true, FrameWire.Reader.EAGER, scheduler, new ArrayByteBufferPool());
        // Text, as binary frames that are read together are one step.
        int opcode = length == 0 ? FrameBytes.TEXT : FrameBytes.BINARY;
        byte[] frame = FrameBytes.of(opcode, Bytes.random(1, length)).masked().bytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            all.writeBytes(frame);
        }
        wire.feed(all.toByteArray(), 0, all.size());
        int turns = wire.turns();
        assertThat(wire.end().length()).isEqualTo(frames * length);
        return turns;
    }
}
