package io.v2ws.conformance;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reserved bits and reserved opcodes: families 3 and 4 of the Autobahn test suite. */
@EveryEnd
class ReservedBitsAndOpcodesTest extends StreamRules {

    private static final List<Integer> OPCODES = List.of(
            FrameBytes.TEXT,
            FrameBytes.BINARY,
            FrameBytes.CONTINUATION,
            FrameBytes.CLOSE,
            FrameBytes.PING,
            FrameBytes.PONG);

    private static Stream<Object[]> bitsAndOpcodes() {
        return OPCODES.stream()
                .flatMap(opcode -> IntStream.rangeClosed(1, 7).mapToObj(bits -> new Object[] {bits, opcode}));
    }

    private static Stream<Object[]> reservedOpcodes() {
        return IntStream.concat(IntStream.rangeClosed(3, 7), IntStream.rangeClosed(11, 15))
                .boxed()
                .flatMap(opcode -> Stream.of(0, 1, 125).map(length -> new Object[] {opcode, length}));
    }

    @ParameterizedTest(name = "bits {0} of opcode {1}")
    @MethodSource("bitsAndOpcodes")
    void f7_autobahn3_aReservedBitEndsWith1002AndNothingBehindItCounts(int bits, int opcode) throws Exception {
        Link link = open();
        byte[] payload = opcode == FrameBytes.CLOSE ? new byte[] {3, (byte) 0xe8} : new byte[] {2};
        assertBroken(
                link,
                Chop.IN_ONE_WRITE,
                opcode == FrameBytes.CONTINUATION,
                link.peer().frame(opcode, payload).rsv(bits));
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f7_autobahn3_aReservedBitIsFoundHoweverTheFramesAreCut(Chop chop) throws Exception {
        for (int bits = 1; bits <= 7; bits++) {
            Link link = open();
            assertBroken(
                    link,
                    chop,
                    false,
                    link.peer().frame(FrameBytes.BINARY, (byte) 2).rsv(bits));
        }
    }

    @ParameterizedTest(name = "opcode {0} with {1} bytes")
    @MethodSource("reservedOpcodes")
    void f7_autobahn4_aReservedOpcodeEndsWith1002AndNothingBehindItCounts(int opcode, int length) throws Exception {
        for (boolean insideAMessage : new boolean[] {false, true}) {
            Link link = open();
            assertBroken(
                    link,
                    Chop.IN_ONE_WRITE,
                    insideAMessage,
                    link.peer().frame(opcode, new byte[length]).fin(length != 1));
        }
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f7_autobahn4_aReservedOpcodeIsFoundHoweverTheFramesAreCut(Chop chop) throws Exception {
        for (int opcode : new int[] {3, 5, 7, 11, 13, 15}) {
            Link link = open();
            assertBroken(link, chop, false, link.peer().frame(opcode, (byte) 2));
        }
    }

    /** A good message, the bad frame, a ping and a good message: only the first is delivered, nothing is answered. */
    private static void assertBroken(Link link, Chop chop, boolean insideAMessage, FrameBytes bad) throws Exception {
        link.read();
        RawWebSocketPeer peer = link.peer();
        chop.send(
                peer,
                peer.frame(FrameBytes.BINARY, (byte) 1).fin(!insideAMessage),
                bad,
                peer.frame(FrameBytes.PING, (byte) 3),
                peer.frame(FrameBytes.BINARY, (byte) 4));
        assertFailed(link, 1002, (byte) 1);
    }
}
