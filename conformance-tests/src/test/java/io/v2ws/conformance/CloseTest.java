package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.SourceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** F6: how this end closes, and what bounds it. */
@EveryEnd
class CloseTest extends StreamRules {

    private static final int MUCH = 32 << 20;
    /** More than one piece of a write, and less than a third of any send buffer that holds back 8 MiB. */
    private static final int SLOWLY = 256 * 1024;

    @Test
    void f6_whatWasWrittenGoesOutBeforeClose1000() throws Exception {
        Link link = openWithSmallBuffer();
        byte[] payload = Bytes.random(6, 8 << 20);
        CompletableFuture<Void> written = write(link.stream(), false, payload);
        link.stream().close();
        assertThat(written).isNotDone();
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        link.peer().expectClose(1000);
        written.get(10, TimeUnit.SECONDS);
        link.peer().sendClose(1000, "");
        link.peer().expectEof();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f6_writesThatWaitBehindOneAnotherAllGoOutBeforeClose() throws Exception {
        Link link = openWithSmallBuffer();
        byte[] payload = Bytes.random(6, 8 << 20);
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        writes.add(write(link.stream(), false, payload));
        for (byte i = 0; i < 10; i++) {
            writes.add(write(link.stream(), false, i));
        }
        link.stream().close();
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        assertThat(link.peer().readBinary(10)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        link.peer().expectClose(1000);
        for (CompletableFuture<Void> write : writes) {
            write.get(10, TimeUnit.SECONDS);
        }
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f6_manyWritersLoseNothingAndNothingIsTornApart() throws Exception {
        Link link = openWithSmallBuffer();
        int size = 10_000;
        int writers = 4;
        int each = 100;
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            byte[] block = new byte[size];
            java.util.Arrays.fill(block, (byte) i);
            threads.add(Background.run(() -> {
                for (int n = 0; n < each; n++) {
                    write(link.stream(), false, block);
                }
            }));
        }
        int[] seen = new int[writers];
        for (int n = 0; n < writers * each; n++) {
            byte[] block = link.peer().readBinary(size);
            assertThat(block).containsOnly(block[0]);
            seen[block[0]]++;
        }
        assertThat(seen).containsOnly(each);
        for (CompletableFuture<Void> thread : threads) {
            thread.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void f6_aWriterThatThrowsDoesNotHoldTheNextWriteBack() throws Exception {
        Link link = openWithSmallBuffer();
        byte[] payload = Bytes.random(6, 8 << 20);
        link.stream().write(false, ByteBuffer.wrap(payload), Callback.from(() -> {
            throw new RejectedExecutionException("the executor of the application is stopped");
        }));
        CompletableFuture<Void> second = write(link.stream(), false, (byte) 7);
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        assertThat(link.peer().readBinary(1)).containsExactly(7);
        second.get(10, TimeUnit.SECONDS);
    }

    @Test
    void f6_noReaderIsNeededToClose() throws Exception {
        Link link = open();
        writeNow(link.stream(), (byte) 1);
        link.stream().close();
        assertThat(link.peer().readBinary(1)).containsExactly(1);
        link.peer().expectClose(1000);
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f6_aPeerThatDoesNotAnswerTheCloseIsCutAfterTheTimeout() throws Exception {
        Link link = open(options().closeTimeout(Duration.ofMillis(400)));
        long start = System.nanoTime();
        link.stream().close();
        link.peer().expectClose(1000);
        assertThat(outcome(link)).isInstanceOf(IOException.class).hasMessageContaining("400 ms");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(400));
        link.peer().expectEof();
    }

    @Test
    void f5_aResetInsteadOfTheAnswerToOurCloseIsAFailure() throws Exception {
        Link link = open();
        writeNow(link.stream(), (byte) 1);
        link.stream().close();
        link.peer().expectFrame(FrameBytes.BINARY);
        link.peer().expectClose(1000);
        link.peer().reset();
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f5_aFinInsteadOfTheAnswerToOurCloseIsAnEndInOrder() throws Exception {
        Link link = open();
        link.stream().close();
        link.peer().expectClose(1000);
        link.peer().close();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f5_aFinOfAV2wsPeerWithoutACloseIsAnErrorAlsoWhileThisEndCloses() throws Exception {
        Link link = openWithSmallBuffer().read();
        link.peer().sendText("");
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        byte[] payload = Bytes.random(6, 8 << 20);
        write(link.stream(), false, payload);
        link.stream().close();
        link.peer().shutdownOutput();
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        link.peer().expectClose(1000);
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f6_aStuckWriteBoundsTheClose() throws Exception {
        Link link = openWithSmallBuffer(
                options().closeWriteTimeout(Duration.ofMillis(400)).closeTimeout(Duration.ofMillis(60_000)));
        CompletableFuture<Void> written = write(link.stream(), false, new byte[MUCH]);
        CompletableFuture<Void> behind = write(link.stream(), false, new byte[1]);
        long start = System.nanoTime();
        link.stream().close();
        assertThat(outcome(link)).isInstanceOf(IOException.class).hasMessageContaining("400 ms");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(400));
        for (CompletableFuture<Void> write : List.of(written, behind)) {
            assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void f6_aPeerThatReadsSlowlyIsNotStuck() throws Exception {
        needsMoreThanServletApi("the container does not write before the kernel says so");
        Link link = openWithSmallBuffer(options().closeWriteTimeout(Duration.ofMillis(400)));
        byte[] payload = Bytes.random(6, 8 << 20);
        write(link.stream(), false, payload);
        link.stream().close();
        byte[] got = new byte[0];
        for (int i = 0; i < 4; i++) {
            long before = link.stream().bytesOut();
            got = Bytes.concat(got, link.peer().readBinary(SLOWLY));
            // Less than what makes the kernel report that it takes more.
            eventually().until(() -> link.stream().bytesOut() > before);
        }
        byte[] rest = link.peer().readBinary(payload.length - got.length);
        assertThat(Bytes.sha256(Bytes.concat(got, rest))).isEqualTo(Bytes.sha256(payload));
        link.peer().expectClose(1000);
    }

    @Test
    void f6_aCloseFrameThatDoesNotGoOutIsBoundedToo() throws Exception {
        Link link = openWithSmallBuffer(
                        options().closeWriteTimeout(Duration.ofMillis(400)).closeTimeout(Duration.ofMillis(400)))
                .read();
        // A write completes as soon as the kernel has the bytes; so these fill its buffers to the brim. It may take the
        // few bytes of the Close frame later.
        while (write(link.stream(), false, new byte[1024]).isDone()) {
            assertThat(link.stream().bytesOut()).isLessThan(256L << 20);
        }
        link.stream().close();
        assertThat(outcome(link)).isInstanceOf(IOException.class);
    }

    @Test
    void f6_whatComesAfterOurCloseIsDiscardedAndDoesNotStallThePeer() throws Exception {
        Link link = open();
        link.peer().sendBinary(new byte[100_000]);
        link.stream().close();
        link.read();
        link.reader().expectEof();
        for (int i = 0; i < 16; i++) {
            link.peer().sendBinary(new byte[1 << 20]);
            link.peer().sendText("noise");
        }
        link.peer().expectClose(1000);
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
        assertThat(link.reader().count()).isZero();
    }

    @Test
    void f6_pingsAreStillReadWhileTheCloseWaitsForItsWrites() throws Exception {
        Link link = openWithSmallBuffer();
        byte[] payload = Bytes.random(6, MUCH);
        write(link.stream(), false, payload);
        link.stream().close();
        for (byte i = 0; i < 100; i++) {
            link.peer().sendPing(i);
        }
        KernelBuffers.awaitTaken(link.peer().socket());
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        link.peer().expectClose(1000);
    }

    @Test
    void f6_closeIsIdempotent() throws Exception {
        Link link = open();
        for (int i = 0; i < 3; i++) {
            link.stream().close();
        }
        link.peer().expectFrame(FrameBytes.CLOSE);
        link.stream().close();
        link.peer().sendClose(1000, "");
        link.peer().expectEof();
        link.stream().close();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f6_afterCloseReadersSeeTheEndAndWritersFail() throws Exception {
        Link link = open();
        SourceReader waiting = SourceReader.start(link.stream());
        link.stream().close();
        waiting.expectEof();
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void f6_afterTheLastWriteFurtherOnesFail() throws Exception {
        Link link = open();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 2))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(link.peer().readBinary(1)).containsExactly(1);
        link.stream().close();
        link.peer().expectClose(1000);
    }

    @Test
    void f6_abortSendsClose1011AndFailsReadersAndWriters() throws Exception {
        Link link = open().read();
        IllegalStateException cause = new IllegalStateException("secret");
        link.stream().abort(cause);
        assertThat(link.peer().expectClose(1011).closeReason()).isEmpty();
        assertThat(link.reader().expectFailure())
                .isInstanceOf(IOException.class)
                .hasCause(cause);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1)).hasRootCause(cause);
        assertThat(outcome(link)).hasCause(cause);
    }

    @Test
    void f6_abortingTwiceStillSendsClose1011() throws Exception {
        Link link = open().read();
        link.stream().abort(new IllegalStateException("one"));
        link.stream().abort(new IllegalStateException("two"));
        link.peer().expectClose(1011);
        assertThat(outcome(link)).hasRootCauseMessage("one");
    }

    @Test
    void f6_abortDoesNotWaitForAStuckWrite() throws Exception {
        Link link = openWithSmallBuffer(
                options().closeTimeout(Duration.ofMillis(60_000)).closeWriteTimeout(Duration.ofMillis(60_000)));
        CompletableFuture<Void> written = write(link.stream(), false, new byte[MUCH]);
        link.stream().abort(new IllegalStateException("enough"));
        link.stream().closed().get(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void f6_abortAfterCloseCuts() throws Exception {
        Link link = open(options().closeTimeout(Duration.ofMillis(60_000)));
        link.stream().close();
        link.peer().expectClose(1000);
        link.stream().abort(new IllegalStateException("enough"));
        assertThat(outcome(link)).isNotNull();
        link.peer().expectEof();
    }
}
