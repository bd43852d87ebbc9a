package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Legal fragmentation, and every illegal order of frames: family 5 of the Autobahn test suite. */
@EveryEnd
class FragmentationTest extends StreamRules {

    /** A data frame, as its opcode and FIN bit matter to the order. */
    private enum Kind {
        TEXT(FrameBytes.TEXT, true),
        TEXT_BEGINS(FrameBytes.TEXT, false),
        BINARY(FrameBytes.BINARY, true),
        BINARY_BEGINS(FrameBytes.BINARY, false),
        GOES_ON(FrameBytes.CONTINUATION, false),
        ENDS(FrameBytes.CONTINUATION, true);

        private final int opcode;
        private final boolean fin;

        Kind(int opcode, boolean fin) {
            this.opcode = opcode;
            this.fin = fin;
        }

        FrameBytes frame(RawWebSocketPeer peer, byte... payload) {
            return peer.frame(opcode, payload).fin(fin);
        }

        /** RFC 6455, 5.4: a continuation needs an open message, any other data frame needs that there is none. */
        boolean mayFollow(List<Kind> before) {
            boolean open = !before.isEmpty() && !before.get(before.size() - 1).fin;
            return open == (opcode == FrameBytes.CONTINUATION);
        }
    }

    /** Every order of up to this many frames of which the last is the first illegal one. */
    private static Stream<List<Kind>> illegalOrders(int most) {
        List<List<Kind>> illegal = new ArrayList<>();
        List<List<Kind>> legal = new ArrayList<>(List.of(List.of()));
        for (int length = 1; length <= most; length++) {
            List<List<Kind>> longer = new ArrayList<>();
            for (List<Kind> before : legal) {
                for (Kind next : Kind.values()) {
                    List<Kind> order =
                            Stream.concat(before.stream(), Stream.of(next)).toList();
                    (next.mayFollow(before) ? longer : illegal).add(order);
                }
            }
            legal = longer;
        }
        return illegal.stream();
    }

    private static Stream<List<Kind>> illegalOrdersOfThree() {
        return illegalOrders(3);
    }

    private static Stream<List<Kind>> illegalOrdersOfTwo() {
        return illegalOrders(2);
    }

    @ParameterizedTest
    @MethodSource("illegalOrdersOfThree")
    void f7_autobahn5_anIllegalOrderEndsWith1002AndNothingBehindItCounts(List<Kind> order) throws Exception {
        Link link = open();
        List<FrameBytes> frames = frames(link.peer(), order, (byte) 1);
        frames.add(link.peer().frame(FrameBytes.PING, (byte) 3));
        frames.add(link.peer().frame(FrameBytes.BINARY, (byte) 4));
        assertIllegal(link, Chop.IN_ONE_WRITE, order, frames, 1);
    }

    @ParameterizedTest
    @MethodSource("illegalOrdersOfTwo")
    void f7_autobahn5_anIllegalOrderOfEmptyFramesEndsWith1002(List<Kind> order) throws Exception {
        // Without half-close, in which an empty text has a meaning.
        Link link = open(options().halfClose(false));
        assertIllegal(link, Chop.IN_ONE_WRITE, order, frames(link.peer(), order), 0);
    }

    @ParameterizedTest
    @MethodSource("illegalOrdersOfTwo")
    void f7_autobahn5_anIllegalOrderIsFoundOctetByOctet(List<Kind> order) throws Exception {
        Link link = open();
        assertIllegal(link, Chop.OCTET_BY_OCTET, order, frames(link.peer(), order, (byte) 1), 1);
    }

    @ParameterizedTest
    @MethodSource("illegalOrdersOfTwo")
    void f7_autobahn5_aPingInBetweenMakesNoIllegalOrderLegal(List<Kind> order) throws Exception {
        Link link = open();
        List<FrameBytes> frames = frames(link.peer(), order, (byte) 1);
        frames.add(frames.size() - 1, link.peer().frame(FrameBytes.PING, (byte) 3));
        link.read();
        link.peer().send(frames.toArray(FrameBytes[]::new));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).payload()).containsExactly(3);
        assertFailed(link, 1002, delivered(order, 1));
    }

    private static List<FrameBytes> frames(RawWebSocketPeer peer, List<Kind> order, byte... payload) {
        List<FrameBytes> frames = new ArrayList<>();
        order.forEach(kind -> frames.add(kind.frame(peer, payload)));
        return frames;
    }

    private static void assertIllegal(Link link, Chop chop, List<Kind> order, List<FrameBytes> frames, int length)
            throws Exception {
        link.read();
        chop.send(link.peer(), frames.toArray(FrameBytes[]::new));
        assertFailed(link, 1002, delivered(order, length));
    }

    /** What the frames in front of the illegal one carry of the stream. */
    private static byte[] delivered(List<Kind> order, int length) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        boolean binary = false;
        for (Kind kind : order.subList(0, order.size() - 1)) {
            if (kind.opcode != FrameBytes.CONTINUATION) {
                binary = kind.opcode == FrameBytes.BINARY;
            }
            stream.write(new byte[] {1}, 0, binary ? length : 0);
        }
        return stream.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {FrameBytes.PING, FrameBytes.PONG, FrameBytes.CLOSE})
    void f7_autobahn5_aFragmentedControlFrameEndsWith1002(int opcode) throws Exception {
        for (Chop chop : Chop.values()) {
            Link link = open().read();
            chop.send(
                    link.peer(),
                    link.peer().frame(FrameBytes.BINARY, (byte) 1),
                    link.peer().frame(opcode, (byte) 3).fin(false),
                    link.peer().frame(FrameBytes.CONTINUATION, (byte) 0xe8));
            assertFailed(link, 1002, (byte) 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f1_autobahn5_aMessageInTwoFragmentsArrivesHoweverItIsCut(Chop chop) throws Exception {
        Link link = open().read();
        chop.send(
                link.peer(),
                Kind.BINARY_BEGINS.frame(link.peer(), (byte) 1, (byte) 2),
                Kind.ENDS.frame(link.peer(), (byte) 3),
                Kind.TEXT_BEGINS.frame(link.peer(), (byte) 'x'),
                Kind.ENDS.frame(link.peer(), (byte) 'y'));
        link.reader().expect(new byte[] {1, 2, 3});
        assertAlive(link);
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f3_autobahn5_pingsBetweenFiveFragmentsAreAnsweredHoweverTheyAreCut(Chop chop) throws Exception {
        // RFC 6455, 5.5.3: the latest ping may be answered for all.
        needsMoreThanServletApi("a pong waits until the container has said that it may write");
        Link link = open().read();
        for (Kind first : new Kind[] {Kind.BINARY_BEGINS, Kind.TEXT_BEGINS, Kind.BINARY_BEGINS}) {
            List<FrameBytes> frames = new ArrayList<>();
            for (byte i = 0; i < 5; i++) {
                Kind kind = i == 0 ? first : i == 4 ? Kind.ENDS : Kind.GOES_ON;
                frames.add(kind.frame(link.peer(), i));
                frames.add(link.peer().frame(FrameBytes.PING, Bytes.utf8("ping " + i)));
                frames.add(link.peer().frame(FrameBytes.PONG, Bytes.utf8("unasked")));
            }
            chop.send(link.peer(), frames.toArray(FrameBytes[]::new));
            for (int i = 0; i < 5; i++) {
                assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("ping " + i);
            }
        }
        link.reader().expect(new byte[] {0, 1, 2, 3, 4, 0, 1, 2, 3, 4});
        assertAlive(link);
    }
}
