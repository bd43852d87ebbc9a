package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.StreamOutcome;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.SourceReader;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class TcpStreamTest {
    private static final int MUCH = 16 << 20;

    private TcpRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aFinIsTheEndAndTheOtherDirectionGoesOn() throws Exception {
        TcpRig.Pair pair = rig.pair();
        SourceReader reader = SourceReader.start(pair.stream());
        pair.socket().getOutputStream().write(new byte[] {1, 2});
        pair.socket().shutdownOutput();
        reader.expectEof();
        assertThat(reader.bytes()).containsExactly(1, 2);
        TcpRig.write(pair.stream(), false, (byte) 3).get(10, TimeUnit.SECONDS);
        assertThat(pair.socket().getInputStream().read()).isEqualTo(3);
        assertThat(pair.stream().bytesIn()).isEqualTo(2);
        assertThat(pair.stream().bytesOut()).isEqualTo(1);
        SourceReader.start(pair.stream()).expectEof();
    }

    @Test
    void aResetIsAFailureAndNotTheEnd() throws Exception {
        TcpRig.Pair pair = rig.pair();
        SourceReader reader = SourceReader.start(pair.stream());
        pair.socket().getOutputStream().write(1);
        reader.expect(new byte[] {1});
        pair.socket().setSoLinger(true, 0);
        pair.socket().close();
        Throwable failure = reader.expectFailure();
        assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("reset");
        assertThat(SourceReader.start(pair.stream()).expectFailure()).isSameAs(failure);
        pair.stream().close();
        assertThat(TcpRig.outcome(pair.stream()).failure()).isSameAs(failure);
    }

    @Test
    void theFinGoesOutBehindTheLastByteAndTheInputStaysOpen() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        SourceReader reader = SourceReader.start(pair.stream());
        byte[] payload = Bytes.random(1, MUCH);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), true, payload);
        assertThat(written).isNotDone();
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
        written.get(10, TimeUnit.SECONDS);
        pair.socket().getOutputStream().write(new byte[] {4, 5});
        reader.expect(new byte[] {4, 5});
        assertThat(pair.stream().closed()).isNotDone();
    }

    @Test
    void abortIsAReset() throws Exception {
        TcpRig.Pair pair = rig.pair();
        SourceReader reader = SourceReader.start(pair.stream());
        IllegalStateException cause = new IllegalStateException("enough");
        pair.stream().abort(cause);
        assertThatThrownBy(() -> pair.socket().getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(reader.expectFailure()).hasCause(cause);
        assertThat(TcpRig.outcome(pair.stream()).failure()).hasCause(cause);
        pair.stream().abort(new IllegalStateException("again"));
        pair.stream().close();
    }

    @Test
    void closeEndsInOrder() throws Exception {
        TcpRig.Pair pair = rig.pair();
        TcpRig.write(pair.stream(), false, (byte) 1).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        assertThat(pair.socket().getInputStream().readAllBytes()).containsExactly(1);
        assertThat(TcpRig.outcome(pair.stream())).isEqualTo(new StreamOutcome(0, 1, null, 0));
        assertThatThrownBy(() -> TcpRig.write(pair.stream(), false, (byte) 2).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class);
        pair.stream().close();
    }

    @Test
    void whatWasWrittenBeforeCloseStillGoesOut() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, MUCH);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), false, payload);
        assertThat(written).isNotDone();
        pair.stream().close();
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
        written.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatComesInUnreadDoesNotSpoilWhatWasWrittenBeforeClose() throws Exception {
        // The far end reads slowly: most of the payload still waits in this end's kernel.
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        pair.socket().getOutputStream().write(new byte[100]);
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
    }

    @Test
    void f5_whatComesInAfterCloseDoesNotSpoilWhatWasWrittenBeforeIt() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        byte[] taken = new byte[payload.length];
        for (int at = 0; at < taken.length; at += 8192) {
            pair.socket().getOutputStream().write(1);
            assertThat(pair.socket().getInputStream().readNBytes(taken, at, 8192))
                    .isEqualTo(8192);
        }
        assertThat(taken).isEqualTo(payload);
        assertThat(pair.socket().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void f5_aResetWaitsForWhatWasWrittenBeforeItAndIsSeenBehindIt() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        SourceReader reader = SourceReader.start(pair.stream());
        pair.stream().abort(new IOException("enough"));
        reader.expectFailure();
        assertThatThrownBy(() -> TcpRig.write(pair.stream(), false, (byte) 1).get(10, TimeUnit.SECONDS))
                .hasMessageContaining("enough");
        assertThat(pair.socket().getInputStream().readNBytes(payload.length)).isEqualTo(payload);
        assertThatThrownBy(() -> pair.socket().getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void f5_aResetWaitsForAFarSideThatHasEndedItsOutputAndStillReads() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        pair.socket().shutdownOutput();
        SourceReader.start(pair.stream()).expectEof();
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        pair.stream().abort(new IOException("enough"));
        assertThat(pair.socket().getInputStream().readNBytes(payload.length)).isEqualTo(payload);
        assertThatThrownBy(() -> pair.socket().getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void f5_aCloseThatFollowsNoResetDelayLosesNothingEither() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        pair.stream().setResetDelay(Duration.ZERO);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        assertThat(TcpRig.outcome(pair.stream()).failure()).isNull();
        pair.socket().getOutputStream().write(1);
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
    }

    @Test
    void f5_whatComesInAfterCloseIsDroppedForOneMinuteAtMost() throws Exception {
        TcpRig.Pair pair = rig.pair();
        rig.timers.clear();
        pair.stream().close();
        assertThat(rig.timers).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void f6_aConnectionIsNoLongerCountedWhenItsEndIsTold() throws Exception {
        // A callback of the end that stops the connector would wait for this connection otherwise.
        TcpRig.Pair pair = rig.pair();
        CompletableFuture<Boolean> none =
                pair.stream().closed().thenApply(end -> rig.connector.shutdown().isDone());
        pair.stream().setResetDelay(Duration.ZERO);
        pair.stream().abort(new IOException("enough"));
        assertThat(none.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void f5_aFarSideThatSendsMuchBehindACloseCanFinishAndReadsEverything() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, TcpOpening.NEAR_SEND_BUFFER);
        TcpRig.write(pair.stream(), false, payload).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        pair.socket().getOutputStream().write(new byte[MUCH]);
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
    }

    @Test
    void f5_aResetWaitsNoLongerThanUntilTheFarSideResets() throws Exception {
        TcpRig.Pair pair = rig.pair();
        pair.stream().setResetDelay(Duration.ofMinutes(5));
        TcpRig.write(pair.stream(), false, (byte) 1).get(10, TimeUnit.SECONDS);
        pair.stream().abort(new IOException("enough"));
        assertThat(pair.socket().getInputStream().read()).isEqualTo(1);
        assertThat(pair.stream().closed()).isNotDone();
        pair.socket().setSoLinger(true, 0);
        pair.socket().close();
        assertThat(TcpRig.outcome(pair.stream()).failure()).hasMessageContaining("enough");
    }

    @Test
    void f5_whatArrivedBeforeAFailedWriteIsReadBehindIt() throws Exception {
        TcpRig.Pair pair = rig.pair();
        byte[] payload = Bytes.random(7, 100_000);
        pair.socket().getOutputStream().write(payload);
        // The far side ends with bytes unread: a reset.
        TcpRig.write(pair.stream(), false, (byte) 1).get(10, TimeUnit.SECONDS);
        await().until(() -> pair.socket().getInputStream().available() > 0);
        pair.socket().close();
        await().until(() -> TcpRig.write(pair.stream(), false, (byte) 1).isCompletedExceptionally());
        SourceReader reader = SourceReader.start(pair.stream());
        reader.expectFailure();
        assertThat(reader.bytes()).isEqualTo(payload);
    }

    @Test
    void aReaderThatWaitsSeesTheEndWhenTheStreamIsClosed() throws Exception {
        TcpRig.Pair pair = rig.pair();
        SourceReader reader = SourceReader.start(pair.stream());
        pair.stream().close();
        await().until(reader::hasEnded);
    }

    @Test
    void aReaderThatAsksAgainWhileItIsToldOfTheEndHearsOfItAgain() throws Exception {
        TcpRig.Pair pair = rig.pair();
        CompletableFuture<Void> told = new CompletableFuture<>();
        pair.stream().setResetDelay(Duration.ZERO);
        // Jetty tells the first, the stream tells the second, and the third has asked behind both.
        ask(pair.stream(), 5, told);
        pair.stream().abort(new IOException("enough"));
        told.get(10, TimeUnit.SECONDS);
    }

    private static void ask(TcpStream stream, int times, CompletableFuture<Void> told) {
        if (times == 0) {
            told.complete(null);
        } else {
            stream.demand(() -> ask(stream, times - 1, told));
        }
    }

    @Test
    void aReaderThatThrowsResetsTheConnection() throws Exception {
        TcpRig.Pair pair = rig.pair();
        pair.stream().demand(() -> {
            throw new RejectedExecutionException("the executor of the application is stopped");
        });
        pair.socket().getOutputStream().write(1);
        assertThat(TcpRig.outcome(pair.stream()).failure()).hasRootCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> pair.socket().getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void aReaderThatThrowsAtTheEndDoesNotHideIt() throws Exception {
        TcpRig.Pair pair = rig.pair();
        pair.stream().setResetDelay(Duration.ZERO);
        pair.stream().demand(() -> {
            throw new RejectedExecutionException("the executor of the application is stopped");
        });
        pair.stream().abort(new IOException("enough"));
        assertThat(TcpRig.outcome(pair.stream()).failure()).hasMessage("stream aborted: enough");
    }

    @Test
    void aWriterThatThrowsDoesNotKeepTheConnectionFromEnding() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(1, MUCH);
        pair.stream().write(false, ByteBuffer.wrap(payload), Callback.from(() -> {
            throw new RejectedExecutionException("the executor of the application is stopped");
        }));
        pair.stream().close();
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
        assertThat(TcpRig.outcome(pair.stream()).failure()).isNull();
    }

    @Test
    void noBufferIsHeldWhileIdle() throws Exception {
        TcpRig.Pair pair = rig.pair();
        SourceReader reader = SourceReader.start(pair.stream());
        pair.socket().getOutputStream().write(1);
        reader.expect(new byte[] {1});
        await().until(() -> rig.pool.getLeaks().isEmpty());
    }

    @Test
    void anAbortBehindACloseThatStillWritesIsNoEndInOrder() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), false, Bytes.random(3, MUCH));
        pair.stream().close();
        assertThat(written).isNotDone();
        pair.stream().abort(new IOException("no time"));
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasMessageContaining("no time");
        assertThat(TcpRig.outcome(pair.stream()).failure()).hasMessage("stream aborted: no time");
        assertThatThrownBy(() -> pair.socket().getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
    }

    @Test
    void anAbortBehindACloseThatIsDoneChangesNothing() throws Exception {
        TcpRig.Pair pair = rig.pair();
        TcpRig.write(pair.stream(), false, (byte) 1).get(10, TimeUnit.SECONDS);
        pair.stream().close();
        pair.stream().abort(new IOException("too late"));
        assertThat(TcpRig.outcome(pair.stream()).failure()).isNull();
        assertThat(pair.socket().getInputStream().readAllBytes()).containsExactly(1);
    }

    @Test
    void aSecondWriteBeforeTheFirstIsOverIsRefusedAndSpoilsNothing() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(4, MUCH);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), true, payload);
        assertThatThrownBy(() -> TcpRig.write(pair.stream(), false, (byte) 1))
                .isInstanceOf(WritePendingException.class);
        assertThat(Bytes.sha256(pair.socket().getInputStream())).isEqualTo(Bytes.sha256(payload));
        written.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aStuckWriteFailsWhenTheFarEndResets() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), false, new byte[MUCH]);
        pair.socket().setSoLinger(true, 0);
        pair.socket().close();
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aSlowFarEndStopsTheWriterAndLosesNothing() throws Exception {
        TcpRig.Pair pair = rig.pair(8192);
        byte[] payload = Bytes.random(2, MUCH);
        CompletableFuture<Void> written = TcpRig.write(pair.stream(), true, payload);
        assertThat(written).isNotDone();
        assertThat(pair.stream().bytesOut()).isZero();
        assertThat(pair.socket().getInputStream().readNBytes(MUCH)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
        assertThat(pair.stream().bytesOut()).isEqualTo(MUCH);
    }
}
