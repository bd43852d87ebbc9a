package io.v2ws.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.ByteStream;
import io.v2ws.StreamEndedException;
import io.v2ws.internal.io.ReadBuffers;
import io.v2ws.tcp.TcpRig;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class RelayTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    private TcpRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private CompletableFuture<RelayOutcome> relay(ByteStream first, ByteStream second, Duration linger) {
        return Relay.start(first, second, linger, rig.connector.scheduler(), rig.connector.executor());
    }

    private static RelayOutcome end(CompletableFuture<RelayOutcome> relay) throws Exception {
        return relay.get(10, TimeUnit.SECONDS);
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void bytesGoBothWaysAndAreCounted() throws Exception {
        TcpRig.Pair a = rig.pair();
        TcpRig.Pair b = rig.pair();
        CompletableFuture<RelayOutcome> relay = relay(a.stream(), b.stream(), LONG);
        long forth = 20L << 20;
        long back = 10L << 20;
        CompletableFuture<Void> writers = CompletableFuture.allOf(send(a, 1, forth), send(b, 2, back));
        CompletableFuture<String> backDigest =
                Background.supply(() -> Bytes.sha256(a.socket().getInputStream()));
        assertThat(Bytes.sha256(b.socket().getInputStream())).isEqualTo(Bytes.sha256(Bytes.randomStream(1, forth)));
        assertThat(backDigest.get(20, TimeUnit.SECONDS)).isEqualTo(Bytes.sha256(Bytes.randomStream(2, back)));
        writers.get(10, TimeUnit.SECONDS);
        assertThat(end(relay)).isEqualTo(new RelayOutcome(forth, back, null, 0, false));
    }

    private static CompletableFuture<Void> send(TcpRig.Pair from, long seed, long length) {
        return Background.run(() -> {
            try (InputStream bytes = Bytes.randomStream(seed, length)) {
                bytes.transferTo(from.socket().getOutputStream());
                from.socket().shutdownOutput();
            }
        });
    }

    @Test
    void aHalfCloseOfEitherSideIsPassedOnAndTheOtherWayStaysOpenLongerThanTheLinger() throws Exception {
        for (boolean firstEnds : new boolean[] {true, false}) {
            TcpRig.Pair a = rig.pair();
            TcpRig.Pair b = rig.pair();
            CompletableFuture<RelayOutcome> relay = relay(a.stream(), b.stream(), Duration.ofMillis(50));
            TcpRig.Pair ending = firstEnds ? a : b;
            TcpRig.Pair other = firstEnds ? b : a;
            ending.socket().getOutputStream().write(1);
            ending.socket().shutdownOutput();
            assertThat(other.socket().getInputStream().readAllBytes()).containsExactly(1);
            long start = System.nanoTime();
            await().until(() -> millisSince(start) > 300);
            assertThat(relay).isNotDone();
            other.socket().getOutputStream().write(new byte[] {2, 3});
            other.socket().shutdownOutput();
            assertThat(ending.socket().getInputStream().readAllBytes()).containsExactly(2, 3);
            assertThat(end(relay)).isEqualTo(new RelayOutcome(firstEnds ? 1 : 2, firstEnds ? 2 : 1, null, 0, false));
        }
    }

    @Test
    void aResetOfOneSideResetsTheOther() throws Exception {
        for (boolean firstResets : new boolean[] {true, false}) {
            TcpRig.Pair a = rig.pair();
            TcpRig.Pair b = rig.pair();
            CompletableFuture<RelayOutcome> relay = relay(a.stream(), b.stream(), LONG);
            TcpRig.Pair breaking = firstResets ? a : b;
            TcpRig.Pair other = firstResets ? b : a;
            breaking.socket().getOutputStream().write(1);
            assertThat(other.socket().getInputStream().read()).isEqualTo(1);
            breaking.socket().setSoLinger(true, 0);
            breaking.socket().close();
            assertThatThrownBy(() -> other.socket().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            RelayOutcome outcome = end(relay);
            assertThat(outcome.isClean()).isFalse();
            assertThat(outcome.failure()).hasMessageContaining("reset");
            assertThat(firstResets ? outcome.bytesForth() : outcome.bytesBack()).isEqualTo(1);
        }
    }

    @Test
    void aSideThatDoesNotReadStopsTheOtherAndHoldsOneBuffer() throws Exception {
        TcpRig.Pair a = rig.pair();
        TcpRig.Pair b = rig.pair(8192);
        relay(a.stream(), b.stream(), LONG);
        long length = 64L << 20;
        CompletableFuture<Void> writer = send(a, 3, length);
        long[] last = {-1, System.nanoTime()};
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            long now = a.stream().bytesIn();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return now > 0 && millisSince(last[1]) > 300;
        });
        assertThat(writer).isNotDone();
        assertThat(rig.pool.getLeaks().size() + ReadBuffers.largeOnesHeld()).isEqualTo(1);
        assertThat(Bytes.sha256(b.socket().getInputStream())).isEqualTo(Bytes.sha256(Bytes.randomStream(3, length)));
        writer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whereTheEndCannotBeToldTheRelayEndsWhenTheOtherWayIsIdleForTheLinger() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(false);
        CompletableFuture<RelayOutcome> relay = relay(first, second, SHORT);
        long start = System.nanoTime();
        first.send((byte) 1);
        first.sendEnd();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(1, 0, null, 0, false));
        assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT.toMillis());
        assertThat(second.outputEnded()).isTrue();
        assertThat(first.aborted()).isNull();
        assertThat(second.aborted()).isNull();
    }

    @Test
    void trafficOfTheOtherWayStartsTheLingerAnew() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(false);
        CompletableFuture<RelayOutcome> relay = relay(first, second, Duration.ofMillis(500));
        first.sendEnd();
        long start = System.nanoTime();
        int[] sent = {0};
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            second.send((byte) 1);
            sent[0]++;
            return millisSince(start) > 1_500;
        });
        assertThat(relay).isNotDone();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(0, sent[0], null, 0, false));
        assertThat(first.written()).hasSize(sent[0]);
    }

    @Test
    void f5_anOrderlyEndIsDeliveredHoweverSlowlyTheTcpSideReads() throws Exception {
        FakeStream webSocket = new FakeStream(false);
        TcpRig.Pair slow = rig.pair(8192);
        CompletableFuture<RelayOutcome> relay = relay(webSocket, slow.stream(), SHORT);
        byte[] payload = Bytes.random(5, 16 << 20);
        webSocket.send(payload);
        webSocket.sendEnd();
        webSocket.closeByPeer();
        long start = System.nanoTime();
        // Much longer than the linger.
        await().until(() -> millisSince(start) > 3 * SHORT.toMillis());
        assertThat(slow.socket().getInputStream().readAllBytes()).isEqualTo(payload);
        slow.socket().close();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(payload.length, 0, null, 0, false));
    }

    @Test
    void f5_aFailureBecomesAResetBehindEverythingThatArrivedBeforeIt() throws Exception {
        FakeStream webSocket = new FakeStream(false);
        TcpRig.Pair slow = rig.pair(8192);
        CompletableFuture<RelayOutcome> relay = relay(webSocket, slow.stream(), SHORT);
        byte[] payload = Bytes.random(6, 4 << 20);
        webSocket.send(payload);
        IOException failure = new IOException("broken");
        webSocket.breakWith(failure);
        assertThat(slow.socket().getInputStream().readNBytes(payload.length)).isEqualTo(payload);
        assertThatThrownBy(() -> slow.socket().getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(end(relay)).isEqualTo(new RelayOutcome(payload.length, 0, failure, 0, false));
    }

    @Test
    void f5_whatABrokenStreamHadBroughtIsDeliveredAlthoughNothingCanBeWrittenToIt() throws Exception {
        FakeStream webSocket = new FakeStream(false);
        FakeStream tcp = new FakeStream(true);
        tcp.holdWrites();
        CompletableFuture<RelayOutcome> relay = relay(webSocket, tcp, SHORT);
        webSocket.send((byte) 1);
        webSocket.send((byte) 2);
        IOException failure = new IOException("broken");
        webSocket.refuseWrites(failure);
        tcp.send((byte) 9);
        tcp.send((byte) 9);
        assertThat(tcp.aborted()).isNull();
        assertThat(tcp.unreleased()).isZero();
        tcp.letWritesGo();
        assertThat(tcp.written()).containsExactly(1, 2);
        assertThat(relay).isNotDone();
        webSocket.sendEnd();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(2, 0, failure, 0, false));
        assertThat(tcp.aborted()).isSameAs(failure);
    }

    @Test
    void f5_aConnectionThatIsKnownToBeBrokenIsPassedOnBehindWhatItBrought() throws Exception {
        FakeStream webSocket = new FakeStream(false);
        FakeStream tcp = new FakeStream(true);
        tcp.holdWrites();
        CompletableFuture<RelayOutcome> relay = relay(webSocket, tcp, SHORT);
        webSocket.send((byte) 1);
        webSocket.send((byte) 2);
        IOException failure = new IOException("broken");
        webSocket.breakWith(failure);
        assertThat(tcp.aborted()).isNull();
        tcp.letWritesGo();
        assertThat(tcp.written()).containsExactly(1, 2);
        assertThat(end(relay)).isEqualTo(new RelayOutcome(2, 0, failure, 0, false));
        assertThat(tcp.aborted()).isSameAs(failure);
    }

    @Test
    void aWriteThatIsStuckIsNotCutByTheLinger() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(false);
        first.holdWrites();
        CompletableFuture<RelayOutcome> relay = relay(first, second, SHORT);
        second.send((byte) 1);
        first.sendEnd();
        long start = System.nanoTime();
        await().until(() -> millisSince(start) > 3 * SHORT.toMillis());
        assertThat(relay).isNotDone();
        first.letWritesGo();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(0, 1, null, 0, false));
        assertThat(second.unreleased()).isZero();
    }

    @Test
    void aStreamThatItsFarEndClosedTakesNothingMoreAndTheOtherIsClosedBehindWhatItBrought() throws Exception {
        FakeStream first = new FakeStream(false);
        FakeStream second = new FakeStream(true);
        second.holdWrites();
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        first.send((byte) 1);
        first.sendEnd();
        first.closeByPeer();
        second.send((byte) 1, (byte) 2);
        assertThat(second.unreleased()).isZero();
        assertThat(first.written()).isEmpty();
        assertThat(relay).isNotDone();
        second.letWritesGo();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(1, 0, null, 0, false));
        assertThat(second.outputEnded()).isTrue();
        assertThat(second.aborted()).isNull();
    }

    @Test
    void aWriteOnAStreamThatEndedInOrderIsNoFailure() throws Exception {
        FakeStream first = new FakeStream(false);
        FakeStream second = new FakeStream(true);
        first.refuseWrites(new StreamEndedException("closed by the peer"));
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        second.send((byte) 1);
        second.send((byte) 2);
        first.sendEnd();
        second.sendEnd();
        assertThat(end(relay).isClean()).isTrue();
        assertThat(second.unreleased()).isZero();
    }

    @Test
    void bytesThatWereRefusedAreNotCounted() throws Exception {
        FakeStream first = new FakeStream(false);
        FakeStream second = new FakeStream(true);
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        second.send((byte) 1);
        first.refuseWrites(new StreamEndedException("closed by the peer"));
        second.send((byte) 2, (byte) 3);
        first.sendEnd();
        second.sendEnd();
        assertThat(end(relay)).isEqualTo(new RelayOutcome(0, 1, null, 0, false));
    }

    @Test
    void aFailedReadAbortsBothWithItsCause() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(true);
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        IOException failure = new IOException("broken");
        first.send((byte) 1);
        first.sendFailure(failure);
        assertThat(end(relay)).isEqualTo(new RelayOutcome(1, 0, failure, 0, false));
        assertThat(first.aborted()).isSameAs(failure);
        assertThat(second.aborted()).isSameAs(failure);
    }

    @Test
    void aFailedWriteAbortsBothAndGivesTheChunkBack() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(true);
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        IOException failure = new IOException("broken");
        second.refuseWrites(failure);
        first.send((byte) 1);
        // A stream that takes nothing more is broken for its reader, too.
        second.sendFailure(failure);
        assertThat(end(relay)).isEqualTo(new RelayOutcome(0, 0, failure, 0, false));
        assertThat(first.aborted()).isSameAs(failure);
        assertThat(second.aborted()).isSameAs(failure);
        assertThat(first.unreleased()).isZero();
    }

    @Test
    void aStreamThatBreaksWhileNothingIsReadOrWrittenAbortsTheOther() throws Exception {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(true);
        CompletableFuture<RelayOutcome> relay = relay(first, second, LONG);
        IOException failure = new IOException("link is dead");
        second.breakWith(failure);
        assertThat(end(relay).failure()).isSameAs(failure);
        assertThat(first.aborted()).isSameAs(failure);
    }

    @Test
    void theNextChunkIsReadOnlyWhenTheLastOneWasWritten() {
        FakeStream first = new FakeStream(true);
        FakeStream second = new FakeStream(true);
        second.holdWrites();
        relay(first, second, LONG);
        first.send((byte) 1);
        first.send((byte) 2);
        assertThat(second.written()).containsExactly(1);
        assertThat(first.unread()).isEqualTo(1);
        second.letWritesGo();
        assertThat(second.written()).containsExactly(1, 2);
        assertThat(first.unreleased()).isZero();
        first.abort(new IOException("the test has ended"));
    }
}
