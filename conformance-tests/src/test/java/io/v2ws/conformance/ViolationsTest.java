package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F7: every violation of the protocol ends the stream with its code, at once. */
@EveryEnd
class ViolationsTest extends StreamRules {

    /** One way to break RFC 6455, and the code that answers it. */
    private enum Violation {
        WRONG_MASK(1002, peer -> wrongMask(peer.frame(FrameBytes.BINARY, (byte) 1), peer)),
        WRONG_MASK_OF_AN_EMPTY_FRAME(1002, peer -> wrongMask(peer.frame(FrameBytes.BINARY), peer)),
        WRONG_MASK_OF_A_PING(1002, peer -> wrongMask(peer.frame(FrameBytes.PING), peer)),
        WRONG_MASK_OF_A_CLOSE(1002, peer -> wrongMask(peer.frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8), peer)),
        RSV1(1002, peer -> peer.frame(FrameBytes.BINARY, (byte) 1).rsv(4)),
        OPCODE_3(1002, peer -> peer.frame(3, (byte) 1)),
        OPCODE_11(1002, peer -> peer.frame(11)),
        PING_OF_126_BYTES(1002, peer -> peer.frame(FrameBytes.PING, new byte[126])),
        PONG_OF_65536_BYTES(1002, peer -> peer.frame(FrameBytes.PONG, new byte[65_536])),
        CLOSE_OF_126_BYTES(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1000, 124))),
        CONTINUATION_FIRST(1002, peer -> peer.frame(FrameBytes.CONTINUATION, (byte) 1)),
        CLOSE_BODY_OF_ONE_BYTE(1002, peer -> peer.frame(FrameBytes.CLOSE, (byte) 3)),
        CLOSE_999(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(999, 0))),
        CLOSE_REASON_NO_UTF8(
                1007, peer -> peer.frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xc3, (byte) 0x28)),
        LENGTH_WITH_THE_TOP_BIT(
                1009, peer -> peer.frame(FrameBytes.BINARY, new byte[10]).declaredLength(Long.MIN_VALUE)),
        LENGTH_OF_MINUS_ONE(
                1009, peer -> peer.frame(FrameBytes.BINARY, new byte[10]).declaredLength(-1));

        private final int code;
        private final Function<RawWebSocketPeer, FrameBytes> frame;

        Violation(int code, Function<RawWebSocketPeer, FrameBytes> frame) {
            this.code = code;
            this.frame = frame;
        }

        /** A client's frame without mask, a server's with one. */
        private static FrameBytes wrongMask(FrameBytes frame, RawWebSocketPeer peer) {
            boolean masks = (peer.frame(FrameBytes.PING).bytes()[1] & 0x80) != 0;
            return masks ? frame.unmasked() : frame.masked();
        }

        private static byte[] closeBody(int code, int more) {
            byte[] body = new byte[2 + more];
            Arrays.fill(body, (byte) 'x');
            body[0] = (byte) (code >> 8);
            body[1] = (byte) code;
            return body;
        }
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void f7_aViolationFailsTheStreamWithItsCode(Violation violation) throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().send(violation.frame.apply(link.peer()));
        assertFailed(link, violation.code, (byte) 1, (byte) 2);
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void f7_theConnectionEndsEvenIfThePeerKeepsItOpen(Violation violation) throws Exception {
        Link link = open(options().closeTimeout(Duration.ofMillis(500))).read();
        link.peer().send(violation.frame.apply(link.peer()));
        link.reader().expectFailure();
        assertThat(outcome(link)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Violation.class,
            names = {"WRONG_MASK", "RSV1", "CLOSE_999", "LENGTH_OF_MINUS_ONE"})
    void f7_aViolationEndsTheStreamAlthoughStuckWritesHoldItsCloseBack(Violation violation) throws Exception {
        Link link = openWithSmallBuffer().read();
        CompletableFuture<Void> written = write(link.stream(), false, new byte[32 << 20]);
        link.peer().send(violation.frame.apply(link.peer()));
        if (runsOnJetty()) {
            // Jetty tells of the violation only when its Close frame went out, which here it never does.
            link.peer().reset();
        }
        link.reader().expectFailure();
        assertThat(outcome(link)).isNotNull();
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void f7_lengthsThatAreNotMinimalAreReadAsTheyStand() throws Exception {
        Link link = open().read();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1).lengthBits(16),
                        link.peer().frame(FrameBytes.BINARY, (byte) 2).lengthBits(64),
                        link.peer().frame(FrameBytes.BINARY).lengthBits(64));
        link.reader().expect(new byte[] {1, 2});
        assertAlive(link);
    }

    @Test
    void f7_aStreamThatNobodyReadsSeesAViolationWhenItIsRead() throws Exception {
        Link link = open();
        link.peer().send(link.peer().frame(3));
        link.peer().sendBinary((byte) 1);
        link.read();
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1002);
        assertThat(link.reader().count()).isZero();
    }
}
