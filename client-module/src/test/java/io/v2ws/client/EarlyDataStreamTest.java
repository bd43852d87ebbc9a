package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The states of the stream by themselves: before, while connecting, open, ended. */
@Timeout(30)
class EarlyDataStreamTest {
    private final List<String> sent = new ArrayList<>();
    private final CompletableFuture<WebSocketStream> handshake = new CompletableFuture<>();
    private final FakeStream real = new FakeStream();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final EarlyDataStream stream = new EarlyDataStream(
            earlyData -> {
                sent.add(earlyData);
                return handshake;
            },
            4,
            new ServerFirstWait(Duration.ZERO, true),
            begun -> {},
            scheduler,
            Duration.ofSeconds(15));
    private final IOException refusal = new IOException("refused");

    private CompletableFuture<Void> write(String text) {
        return Streams.startWrite(stream, Bytes.utf8(text));
    }

    private void open() {
        write("01234");
        handshake.complete(real);
    }

    @Test
    void firstWriteSendsTheUpgradeOnceAndItsRestFollows() {
        CompletableFuture<Void> first = write("01234");
        CompletableFuture<Void> second = write("56");
        assertThat(sent).containsExactly("MDEyMw");
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        handshake.complete(real);
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        write("78");
        assertThat(real.calls).containsExactly("write 4", "write 56", "write 78");
        assertThat(sent).hasSize(1);
    }

    @Test
    void c4_nullAsFirstWriteIsAnEmptyOne() {
        CompletableFuture<Void> written = Streams.startWrite(stream, false, null);
        assertThat(sent).containsExactly("");
        handshake.complete(real);
        assertThat(written).isCompleted();
    }

    @Test
    void lastWriteMayBeTheFirst() {
        CompletableFuture<Void> written = Streams.startWrite(stream, true, ByteBuffer.wrap(Bytes.utf8("0123")));
        assertThat(sent).containsExactly("MDEyMw");
        handshake.complete(real);
        assertThat(written).isCompleted();
        assertThat(real.calls).containsExactly("last ");
    }

    @Test
    void emptyLastWriteMayBeTheFirst() {
        Streams.startWrite(stream, true, ByteBuffer.allocate(0));
        assertThat(sent).containsExactly("");
        handshake.complete(real);
        assertThat(real.calls).containsExactly("last ");
    }

    @Test
    void writeInsideTheCallbackOfAWaitingWriteLinesUpBehind() {
        List<String> order = new ArrayList<>();
        stream.write(
                false,
                ByteBuffer.wrap(Bytes.utf8("0123")),
                org.eclipse.jetty.util.Callback.from(
                        () -> write("third").thenRun(() -> order.add("third")), x -> order.add("failed")));
        write("second").thenRun(() -> order.add("second"));
        handshake.complete(real);
        assertThat(real.calls).containsExactly("write ", "write second", "write third");
        assertThat(order).containsExactly("second", "third");
    }

    @Test
    void beforeTheFirstWriteNothingIsThere() {
        assertThat(stream.read()).isNull();
        assertThat(stream.bytesIn()).isZero();
        assertThat(stream.bytesOut()).isZero();
        assertThat(stream.localAddress()).isNull();
        assertThat(stream.remoteAddress()).isNull();
        assertThat(stream.canHalfClose()).isFalse();
        assertThat(stream.closed()).isNotDone();
        assertThat(sent).isEmpty();
    }

    @Test
    void onceOpenEverythingGoesToTheRealStream() {
        open();
        assertThat(stream.bytesIn()).isEqualTo(7);
        assertThat(stream.bytesOut()).isEqualTo(5);
        assertThat(stream.canHalfClose()).isTrue();
        assertThat(stream.localAddress()).isEqualTo(real.localAddress());
        assertThat(stream.remoteAddress()).isEqualTo(real.remoteAddress());
        real.next = Content.Chunk.EOF;
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        stream.close();
        assertThat(real.calls).containsExactly("write 4", "close");
        assertThat(stream.closed()).isNotDone();
        IOException cause = new IOException("cut");
        real.closed.complete(new StreamOutcome(7, 1, cause, 0));
        assertThat(stream.closed()).isCompletedWithValue(new StreamOutcome(7, 5, cause, 0));
    }

    @Test
    void demandBeforeTheOpenReachesTheRealStream() {
        AtomicInteger called = new AtomicInteger();
        stream.demand(called::incrementAndGet);
        open();
        assertThat(called).hasValue(0);
        assertThat(real.calls).containsExactly("write 4", "demand");
        real.demand.run();
        assertThat(called).hasValue(1);
    }

    @Test
    void secondDemandBeforeTheOpenIsRefused() {
        stream.demand(() -> {});
        assertThatThrownBy(() -> stream.demand(() -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void c6_closeBeforeTheFirstWriteReleasesReadersAndRefusesWrites() throws Exception {
        AtomicInteger called = new AtomicInteger();
        stream.demand(called::incrementAndGet);
        stream.close();
        assertThat(called).hasValue(1);
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        stream.demand(called::incrementAndGet);
        assertThat(called).hasValue(2);
        assertThat(stream.closed()).isCompletedWithValue(new StreamOutcome(0, 0, null, 0));
        assertThat(Streams.failureOf(write("x"))).isInstanceOf(io.v2ws.StreamEndedException.class);
        assertThat(sent).isEmpty();
        stream.close();
        assertThat(called).hasValue(2);
    }

    @Test
    void c5_closeWhileConnectingReleasesReadersAtOnceAndRefusesFurtherWrites() throws Exception {
        CompletableFuture<Void> first = write("01234");
        AtomicInteger called = new AtomicInteger();
        stream.demand(called::incrementAndGet);
        stream.close();
        assertThat(called).hasValue(1);
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        assertThat(Streams.failureOf(write("x"))).isInstanceOf(io.v2ws.StreamEndedException.class);
        assertThat(first).isNotDone();
        handshake.complete(real);
        assertThat(first).isCompleted();
        assertThat(real.calls).containsExactly("write 4", "close");
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
    }

    @Test
    void closeWhileConnectingAndThenARefusalFailsWhatWaited() throws Exception {
        CompletableFuture<Void> first = write("01234");
        stream.close();
        handshake.completeExceptionally(refusal);
        assertThat(Streams.failureOf(first)).isSameAs(refusal);
        assertThat(stream.closed().join().failure()).isSameAs(refusal);
    }

    @Test
    void c5_failedHandshakeIsTheSameCauseForEverybody() throws Exception {
        AtomicInteger called = new AtomicInteger();
        stream.demand(called::incrementAndGet);
        CompletableFuture<Void> first = write("01234");
        CompletableFuture<Void> second = write("x");
        handshake.completeExceptionally(refusal);
        assertThat(called).hasValue(1);
        assertThat(Streams.readFailure(stream)).isSameAs(refusal);
        assertThat(Streams.failureOf(first)).isSameAs(refusal);
        assertThat(Streams.failureOf(second)).isSameAs(refusal);
        assertThat(Streams.failureOf(write("y"))).isSameAs(refusal);
        assertThat(stream.closed()).isCompletedWithValue(new StreamOutcome(0, 0, refusal, 0));
        assertThat(sent).hasSize(1);
    }

    @Test
    void failureThatIsNoIoExceptionIsWrapped() throws Exception {
        CompletableFuture<Void> first = write("01234");
        IllegalStateException bug = new IllegalStateException("bug");
        handshake.completeExceptionally(bug);
        assertThat(Streams.failureOf(first)).isInstanceOf(IOException.class).hasCause(bug);
    }

    @Test
    void closeOrAbortAfterAFailedHandshakeChangesNothing() throws Exception {
        write("01234");
        handshake.completeExceptionally(refusal);
        stream.close();
        assertThat(Streams.failureOf(write("x"))).isSameAs(refusal);
        stream.abort(new IllegalStateException("too late"));
        assertThat(Streams.readFailure(stream)).isSameAs(refusal);
        assertThat(Streams.failureOf(write("x"))).isSameAs(refusal);
    }

    @Test
    void abortBeforeTheFirstWriteMakesNoConnection() throws Exception {
        AtomicInteger called = new AtomicInteger();
        stream.demand(called::incrementAndGet);
        IllegalStateException cause = new IllegalStateException("enough");
        stream.abort(cause);
        assertThat(called).hasValue(1);
        assertThat(Streams.readFailure(stream)).hasCause(cause);
        assertThat(Streams.failureOf(write("x"))).hasCause(cause);
        assertThat(stream.closed().join().failure()).hasCause(cause);
        assertThat(sent).isEmpty();
    }

    @Test
    void abortWhileConnectingCancelsTheHandshake() throws Exception {
        CompletableFuture<Void> first = write("01234");
        IllegalStateException cause = new IllegalStateException("enough");
        stream.abort(cause);
        assertThat(handshake).isCompletedExceptionally();
        assertThat(Streams.failureOf(first)).hasCause(cause);
        assertThat(Streams.readFailure(stream)).hasCause(cause);
        assertThat(stream.closed().join().failure()).hasCause(cause);
    }

    @Test
    void abortWhileTheRequestIsBeingMadeIsWhatEverybodySees() throws Exception {
        IllegalStateException cause = new IllegalStateException("enough");
        CompletableFuture<WebSocketStream> late = new CompletableFuture<>();
        EarlyDataStream[] self = new EarlyDataStream[1];
        self[0] = new EarlyDataStream(
                earlyData -> {
                    self[0].abort(cause);
                    return late;
                },
                4,
                new ServerFirstWait(Duration.ZERO, true),
                begun -> {},
                scheduler,
                Duration.ofSeconds(15));
        CompletableFuture<Void> first = Streams.startWrite(self[0], Bytes.utf8("x"));
        assertThat(Streams.failureOf(first)).hasCause(cause);
        assertThat(late).isCompletedExceptionally();
        assertThat(Streams.readFailure(self[0])).hasCause(cause);
        assertThat(Streams.failureOf(Streams.startWrite(self[0], Bytes.utf8("y"))))
                .hasCause(cause);
        assertThat(self[0].closed().join().failure()).hasCause(cause);
    }

    @Test
    void abortOnceOpenAbortsTheRealStream() {
        open();
        stream.abort(new IOException("enough"));
        assertThat(real.calls).containsExactly("write 4", "abort enough");
    }

    @Test
    void abortAfterCloseWhileConnectingStillGivesUp() throws Exception {
        CompletableFuture<Void> first = write("01234");
        stream.close();
        IllegalStateException cause = new IllegalStateException("enough");
        stream.abort(cause);
        assertThat(handshake).isCompletedExceptionally();
        assertThat(Streams.failureOf(first)).hasCause(cause);
        assertThat(stream.closed().join().failure()).hasCause(cause);
    }

    @Test
    void closeWhileConnectingWaitsForTheHandshakeAsLongAsForTheLastWrites() throws Exception {
        CompletableFuture<Void> first = write("01234");
        stream.close();
        scheduler.advance(Duration.ofMillis(14_999));
        assertThat(first).isNotDone();
        assertThat(stream.closed()).isNotDone();
        scheduler.advance(Duration.ofMillis(1));
        assertThat(handshake).isCompletedExceptionally();
        assertThat(Streams.failureOf(first)).hasMessageContaining("15000 ms after the close");
        assertThat(stream.closed().join().failure()).hasMessageContaining("15000 ms after the close");
    }

    @Test
    void anUpgradeBehindACloseStillCarriesTheFirstWrite() {
        CompletableFuture<Void> first = write("01234");
        stream.close();
        handshake.complete(real);
        assertThat(first).isCompleted();
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(real.calls).containsExactly("write 4", "close");
    }

    @Test
    void abortAfterCloseBeforeTheFirstWriteChangesNothing() throws Exception {
        stream.close();
        stream.abort(new IllegalStateException("too late"));
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        assertThat(stream.closed().join().isClean()).isTrue();
        assertThat(Streams.failureOf(write("x"))).isInstanceOf(io.v2ws.StreamEndedException.class);
    }
}
