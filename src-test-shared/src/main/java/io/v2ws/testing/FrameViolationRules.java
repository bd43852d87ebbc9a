package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F7: every violation of the protocol ends the stream with its code, at once. */
public abstract class FrameViolationRules extends FrameRules {

    /** For subclasses. */
    protected FrameViolationRules() {}

    /** One way to break RFC 6455, and the code that answers it. */
    private enum Violation {
        WRONG_MASK(1002, peer -> wrongMask(peer.frame(FrameBytes.BINARY, (byte) 1), peer)),
        WRONG_MASK_OF_AN_EMPTY_FRAME(1002, peer -> wrongMask(peer.frame(FrameBytes.BINARY), peer)),
        WRONG_MASK_OF_A_PING(1002, peer -> wrongMask(peer.frame(FrameBytes.PING), peer)),
        WRONG_MASK_OF_A_CLOSE(1002, peer -> wrongMask(peer.frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8), peer)),
        RSV1(1002, peer -> peer.frame(FrameBytes.BINARY, (byte) 1).rsv(4)),
        RSV2(1002, peer -> peer.frame(FrameBytes.BINARY, (byte) 1).rsv(2)),
        RSV3(1002, peer -> peer.frame(FrameBytes.BINARY, (byte) 1).rsv(1)),
        RSV1_OF_A_TEXT(1002, peer -> peer.frame(FrameBytes.TEXT, (byte) 'x').rsv(4)),
        RSV1_OF_A_PING(1002, peer -> peer.frame(FrameBytes.PING).rsv(4)),
        OPCODE_3(1002, peer -> peer.frame(3, (byte) 1)),
        OPCODE_7(1002, peer -> peer.frame(7)),
        OPCODE_11(1002, peer -> peer.frame(11)),
        OPCODE_15(1002, peer -> peer.frame(15, (byte) 1)),
        PING_OF_126_BYTES(1002, peer -> peer.frame(FrameBytes.PING, new byte[126])),
        PONG_OF_65536_BYTES(1002, peer -> peer.frame(FrameBytes.PONG, new byte[65_536])),
        CLOSE_OF_126_BYTES(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1000, 124))),
        FRAGMENTED_PING(1002, peer -> peer.frame(FrameBytes.PING).fin(false)),
        FRAGMENTED_CLOSE(1002, peer -> peer.frame(FrameBytes.CLOSE).fin(false)),
        CONTINUATION_FIRST(1002, peer -> peer.frame(FrameBytes.CONTINUATION, (byte) 1)),
        EMPTY_CONTINUATION_FIRST(1002, peer -> peer.frame(FrameBytes.CONTINUATION)),
        CLOSE_BODY_OF_ONE_BYTE(1002, peer -> peer.frame(FrameBytes.CLOSE, (byte) 3)),
        CLOSE_0(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(0, 0))),
        CLOSE_999(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(999, 0))),
        CLOSE_1004(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1004, 0))),
        CLOSE_1005(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1005, 0))),
        CLOSE_1006(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1006, 0))),
        CLOSE_1015(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(1015, 0))),
        CLOSE_65535(1002, peer -> peer.frame(FrameBytes.CLOSE, closeBody(65_535, 0))),
        CLOSE_REASON_NO_UTF8(
                1007, peer -> peer.frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xc3, (byte) 0x28)),
        CLOSE_REASON_HALF_UTF8(1007, peer -> peer.frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xc3)),
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
        FrameLink link = open();
        FrameReader reader = FrameReader.start(link.stream());
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().send(violation.frame.apply(link.peer()));
        assertFailed(link, reader, violation.code);
    }

    private static void assertFailed(FrameLink link, FrameReader reader, int code) throws Exception {
        link.peer().expectClose(code);
        Throwable failure = reader.expectFailure();
        assertThat(link.stream().codeOf(failure)).isEqualTo(code);
        assertThat(reader.bytes()).containsExactly(1, 2);
        link.peer().close();
        assertThat(link.stream().codeOf(outcome(link))).isEqualTo(code);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1)).hasCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void f7_theConnectionEndsEvenIfThePeerKeepsItOpen(Violation violation) throws Exception {
        FrameLink link = open(FrameOptions.defaults().closeTimeout(500));
        FrameReader reader = FrameReader.start(link.stream());
        link.peer().send(violation.frame.apply(link.peer()));
        reader.expectFailure();
        assertThat(outcome(link)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Violation.class,
            names = {"WRONG_MASK", "RSV1", "CLOSE_999", "LENGTH_OF_MINUS_ONE"})
    void f7_keepaliveEndsTheStreamWhereStuckWritesHoldTheCloseOfAViolationBack(Violation violation) throws Exception {
        // Jetty tells of the violation only when its Close frame went out, which here it never does.
        FrameLink link = open(FrameOptions.defaults().smallBuffer().keepalive(200, 200));
        FrameReader reader = FrameReader.start(link.stream());
        CompletableFuture<Void> written = write(link.stream(), false, new byte[32 << 20]);
        link.peer().send(violation.frame.apply(link.peer()));
        reader.expectFailure();
        assertThat(outcome(link)).isNotNull();
        assertThatThrownBy(() -> written.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void f7_aNewMessageInsideAFragmentedOneIsAViolation() throws Exception {
        for (int opcode : new int[] {FrameBytes.BINARY, FrameBytes.TEXT}) {
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
            link.peer()
                    .send(
                            link.peer()
                                    .frame(FrameBytes.BINARY, (byte) 1, (byte) 2)
                                    .fin(false),
                            link.peer().frame(opcode, (byte) 3));
            assertFailed(link, reader, 1002);
        }
    }

    @Test
    void f7_aContinuationBehindAFinishedMessageIsAViolation() throws Exception {
        FrameLink link = open();
        FrameReader reader = FrameReader.start(link.stream());
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1).fin(false),
                        link.peer().frame(FrameBytes.CONTINUATION, (byte) 2),
                        link.peer().frame(FrameBytes.CONTINUATION, (byte) 3));
        assertFailed(link, reader, 1002);
    }

    @Test
    void f7_nothingBehindAViolationIsDelivered() throws Exception {
        FrameLink link = open();
        FrameReader reader = FrameReader.start(link.stream());
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1, (byte) 2),
                        link.peer().frame(3),
                        link.peer().frame(FrameBytes.BINARY, (byte) 3));
        assertFailed(link, reader, 1002);
    }

    @Test
    void f7_legalCodesAtTheEdgesAreNoViolations() throws Exception {
        for (int code : new int[] {1000, 1001, 1014, 3000, 4999}) {
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
            link.peer().sendClose(code, "r".repeat(123));
            if (code == 1000) {
                reader.expectEof();
            } else {
                assertThat(link.stream().codeOf(reader.expectFailure())).isEqualTo(code);
            }
        }
    }

    @Test
    void f7_lengthsThatAreNotMinimalAreReadAsTheyStand() throws Exception {
        FrameLink link = open();
        FrameReader reader = FrameReader.start(link.stream());
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1).lengthBits(16),
                        link.peer().frame(FrameBytes.BINARY, (byte) 2).lengthBits(64),
                        link.peer().frame(FrameBytes.BINARY).lengthBits(64));
        reader.expect(new byte[] {1, 2});
        assertAlive(link, reader);
    }

    @Test
    void f7_aStreamThatNobodyReadsSeesAViolationWhenItIsRead() throws Exception {
        FrameLink link = open();
        link.peer().send(link.peer().frame(3));
        link.peer().sendBinary((byte) 1);
        FrameReader reader = FrameReader.start(link.stream());
        assertThat(link.stream().codeOf(reader.expectFailure())).isEqualTo(1002);
        assertThat(reader.count()).isZero();
    }
}
