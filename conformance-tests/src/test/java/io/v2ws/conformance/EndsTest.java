package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SourceReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** F4 and F5: how the peer may end the stream, and what the reader gets to know. */
@EveryEnd
class EndsTest extends StreamRules {

    /** How a connection ends without a Close frame. */
    private enum Cut {
        FIN,
        CLOSE,
        RESET;

        void apply(RawWebSocketPeer peer) throws IOException {
            switch (this) {
                case FIN -> peer.shutdownOutput();
                case CLOSE -> peer.close();
                case RESET -> peer.reset();
            }
        }
    }

    /** Where a connection ends. */
    private enum Place {
        AT_ONCE(),
        BEHIND_A_MESSAGE(new byte[] {1, 2, 3}),
        INSIDE_A_FRAGMENTED_MESSAGE(new byte[] {1, 2, 3}),
        INSIDE_A_HEADER(),
        INSIDE_A_PAYLOAD(new byte[] {1, 2, 3});

        private final byte[] delivered;

        Place(byte... delivered) {
            this.delivered = delivered;
        }

        byte[] bytes(RawWebSocketPeer peer) {
            byte[] data = {1, 2, 3};
            return switch (this) {
                case AT_ONCE -> new byte[0];
                case BEHIND_A_MESSAGE -> peer.frame(FrameBytes.BINARY, data).bytes();
                case INSIDE_A_FRAGMENTED_MESSAGE ->
                    peer.frame(FrameBytes.BINARY, data).fin(false).bytes();
                case INSIDE_A_HEADER ->
                    Arrays.copyOf(peer.frame(FrameBytes.BINARY, new byte[200]).bytes(), 3);
                case INSIDE_A_PAYLOAD ->
                    peer.frame(FrameBytes.BINARY, data).declaredLength(100).bytes();
            };
        }
    }

    @Test
    void f4_close1000IsTheEndOfTheStream() throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().sendClose(1000, "bye");
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1, 2);
        link.peer().expectClose(1000);
        link.peer().close();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f4_closeWithoutACodeIsTheEndOfTheStream() throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().send(link.peer().frame(FrameBytes.CLOSE));
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1, 2);
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isIn(RawFrame.NO_CODE, 1000);
        link.peer().close();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f4_theConnectionEndsSoonAfterThePeersCloseEvenIfThePeerKeepsItOpen() throws Exception {
        Link link = open(options().closeTimeout(Duration.ofMillis(300))).read();
        link.peer().sendClose(1000, "");
        link.reader().expectEof();
        link.peer().expectClose(1000);
        outcome(link);
        link.peer().expectEof();
    }

    @Test
    void f4_aStuckWriteHoldsTheEndBackNoLongerThanTheTimeout() throws Exception {
        Link link = openWithSmallBuffer(options().closeTimeout(Duration.ofMillis(300)))
                .read();
        CompletableFuture<Void> written = write(link.stream(), false, new byte[32 << 20]);
        link.peer().sendClose(1000, "");
        link.reader().expectEof();
        // The peer did not get all of it: for the writer this is no end in order.
        assertThat(outcome(link)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void f4_everythingBeforeTheCloseIsReadFirstByASlowReader() throws Exception {
        Link link = open();
        byte[] payload = Bytes.random(1, 1_000_000);
        link.peer().sendBinary(payload);
        link.peer().sendClose(1000, "");
        link.read();
        link.reader().expectEof();
        assertThat(link.reader().sha256()).isEqualTo(Bytes.sha256(payload));
    }

    @Test
    void f4_writesFailOnceThePeerHasClosed() throws Exception {
        Link link = open().read();
        link.peer().sendClose(1000, "");
        link.reader().expectEof();
        // Both ends have closed now.
        link.peer().expectFrame(FrameBytes.CLOSE);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1)).hasCauseInstanceOf(IOException.class);
    }

    private static List<Object[]> cuts() {
        return Arrays.stream(Cut.values())
                .flatMap(cut -> Arrays.stream(Place.values()).map(place -> new Object[] {cut, place}))
                .toList();
    }

    /** Whether an end is one in order. */
    private boolean isInOrder(Cut cut, Place place) {
        return cut != Cut.RESET && (place == Place.AT_ONCE || place == Place.BEHIND_A_MESSAGE);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cuts")
    void f5_anEndWithoutACloseFrameIsAnErrorUnlessItIsAFinBetweenTwoMessages(Cut cut, Place place) throws Exception {
        Link link = open().read();
        link.peer().send(place.bytes(link.peer()));
        if (cut == Cut.RESET) {
            // A reset overtakes what was not sent yet.
            KernelBuffers.awaitTaken(link.peer().socket());
        }
        cut.apply(link.peer());
        if (isInOrder(cut, place)) {
            link.reader().expectEof();
            assertThat(link.stream().closed()).isNotDone();
            link.stream().close();
            assertThat(outcome(link)).isNull();
            assertThat(link.stream().closeCode()).isEqualTo(1006);
        } else {
            assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
            assertThat(codeOf(outcome(link))).isEqualTo(1006);
        }
        assertThat(link.reader().bytes()).isEqualTo(place.delivered);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"INSIDE_A_FRAGMENTED_MESSAGE", "INSIDE_A_HEADER", "INSIDE_A_PAYLOAD"})
    void f5_aPeerThatEndsInsideAMessageIsToldByAClose1002(Place place) throws Exception {
        Link link = open().read();
        link.peer().send(place.bytes(link.peer()));
        link.peer().shutdownOutput();
        // A FIN alone would look to it like an end in order.
        link.peer().expectClose(1002);
        link.peer().expectEof();
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f5_theOtherDirectionStaysOpenBehindAFinWithoutACloseFrame() throws Exception {
        Link link = open(keepalive(100, 100)).read();
        link.peer().sendBinary((byte) 1);
        link.peer().shutdownOutput();
        link.reader().expectEof();
        // Much longer than keepalive waits for a pong: a peer that has ended cannot answer.
        for (int pings = 0; pings < 5; ) {
            pings += link.peer().expectFrame(FrameBytes.PING) == null ? 0 : 1;
        }
        byte[] answer = Bytes.random(2, 1 << 20);
        CompletableFuture<Void> written = write(link.stream(), false, answer);
        assertThat(link.peer().readBinary(answer.length)).isEqualTo(answer);
        written.get(10, TimeUnit.SECONDS);
        link.stream().close();
        link.peer().expectClose(1000);
        link.peer().expectEof();
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f5_theOtherDirectionEndsWithAFailedWriteBehindAFinWithoutACloseFrame() throws Exception {
        Link link = open(keepalive(100, 100)).read();
        // Both directions: the next ping is answered with a reset.
        link.peer().close();
        link.reader().expectEof();
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f5_betweenTwoV2wsEndsAFinWithoutACloseFrameIsAnError() throws Exception {
        Link link = open().read();
        link.peer().sendText("");
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertThat(link.stream().canHalfClose()).isTrue();
        link.peer().shutdownOutput();
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void f5_limitOfJettysParser_anEndInsideAControlFrameIsAnErrorButItsBufferIsNotGivenBack(Cut cut) throws Exception {
        for (int opcode : new int[] {FrameBytes.PING, FrameBytes.CLOSE}) {
            // A rig of its own, because the pool stays one small buffer short.
            try (Rig rig = end.newRig();
                    Link link = rig.open(options().build(), 0)) {
                link.read();
                link.peer().send(link.peer().frame(opcode, (byte) 3).declaredLength(100));
                KernelBuffers.awaitTaken(link.peer().socket());
                cut.apply(link.peer());
                assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
                assertThat(codeOf(outcome(link))).isEqualTo(1006);
                eventually().until(() -> link.pool().getLeaks().size() <= (runsOnJetty() ? 1 : 0));
                eventually().until(() -> link.bufferedBytes() <= 4096);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Cut.class,
            names = {"CLOSE", "RESET"})
    void f5_aStuckWriteFailsWhenTheConnectionEnds(Cut cut) throws Exception {
        Link link = openWithSmallBuffer().read();
        CompletableFuture<Void> first = write(link.stream(), false, new byte[32 << 20]);
        CompletableFuture<Void> second = write(link.stream(), false, new byte[1]);
        cut.apply(link.peer());
        await().until(link.reader()::hasEnded);
        for (CompletableFuture<Void> write : List.of(first, second)) {
            assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThat(outcome(link)).isNotNull();
    }

    @Test
    void f5_aResetThatAWriteHasMetIsAnErrorBehindWhatHadArrived() throws Exception {
        Link link = open();
        byte[] payload = Bytes.random(3, 100_000);
        link.peer().sendBinary(payload);
        // The peer ends with bytes unread: a reset, of which the kernel tells once.
        writeNow(link.stream(), (byte) 1);
        await().until(() -> link.peer().socket().getInputStream().available() > 0);
        link.peer().close();
        await().until(() -> write(link.stream(), false, new byte[1]).isCompletedExceptionally());
        link.read();
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
        assertThat(link.reader().bytes()).isEqualTo(payload);
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f5_theEndIsSeenAgainByEveryLaterRead() throws Exception {
        Link link = open().read();
        link.peer().reset();
        Throwable failure = link.reader().expectFailure();
        assertThat(SourceReader.start(link.stream()).expectFailure()).isSameAs(failure);
    }

    @Test
    void f5_aReaderThatThrowsAtTheEndDoesNotHideTheEnd() throws Exception {
        Link link = open();
        link.stream().demand(EndsTest::throwOne);
        link.peer().reset();
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f6_aReaderThatThrowsAbortsTheStream() throws Exception {
        Link link = open();
        link.stream().demand(EndsTest::throwOne);
        link.peer().sendBinary((byte) 1);
        link.peer().expectClose(1011);
        assertThat(outcome(link)).hasRootCauseInstanceOf(RejectedExecutionException.class);
    }

    private static void throwOne() {
        throw new RejectedExecutionException("the executor of the application is stopped");
    }
}
