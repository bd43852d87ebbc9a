package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The close handshake as the peer begins it, and what it sends behind: family 7.1 of the Autobahn test suite. */
@EveryEnd
class PeersCloseTest extends StreamRules {

    private static final int NORMAL = 1000;

    /** What a peer has no right to send behind its Close. */
    private enum Behind {
        CLOSE,
        CLOSE_WITH_ANOTHER_CODE,
        PING,
        BINARY,
        TEXT,
        EMPTY_TEXT,
        END_OF_A_FRAGMENTED_MESSAGE,
        RESERVED_OPCODE,
        HALF_A_FRAME;

        FrameBytes frame(RawWebSocketPeer peer) {
            return switch (this) {
                case CLOSE -> close(peer, NORMAL);
                case CLOSE_WITH_ANOTHER_CODE -> close(peer, 1011);
                case PING -> peer.frame(FrameBytes.PING, (byte) 3);
                case BINARY -> peer.frame(FrameBytes.BINARY, (byte) 3);
                case TEXT -> peer.frame(FrameBytes.TEXT, (byte) 'x');
                case EMPTY_TEXT -> peer.frame(FrameBytes.TEXT);
                case END_OF_A_FRAGMENTED_MESSAGE -> peer.frame(FrameBytes.CONTINUATION, (byte) 3);
                case RESERVED_OPCODE -> peer.frame(3);
                case HALF_A_FRAME -> peer.frame(FrameBytes.BINARY, (byte) 3).declaredLength(100);
            };
        }
    }

    private static FrameBytes close(RawWebSocketPeer peer, int code) {
        return peer.frame(FrameBytes.CLOSE, (byte) (code >> 8), (byte) code);
    }

    @ParameterizedTest
    @EnumSource(Behind.class)
    void f4_autobahn7_whatComesInOneWriteWithTheCloseIsIgnored(Behind behind) throws Exception {
        Link link = open().read();
        RawWebSocketPeer peer = link.peer();
        peer.send(begin(peer, behind), close(peer, NORMAL), behind.frame(peer));
        assertThat(peer.expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(NORMAL);
        assertEndedInOrder(link);
    }

    @ParameterizedTest
    @EnumSource(Behind.class)
    void f4_autobahn7_whatComesBehindTheAnsweredCloseIsIgnored(Behind behind) throws Exception {
        Link link = open().read();
        RawWebSocketPeer peer = link.peer();
        peer.send(begin(peer, behind), close(peer, NORMAL));
        assertThat(peer.expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(NORMAL);
        Chop.IN_ONE_WRITE.send(peer, behind.frame(peer));
        assertEndedInOrder(link);
    }

    private static FrameBytes begin(RawWebSocketPeer peer, Behind behind) {
        return peer.frame(FrameBytes.BINARY, (byte) 1).fin(behind != Behind.END_OF_A_FRAGMENTED_MESSAGE);
    }

    /** Nothing follows the Close; the reader got what came before, and the end. */
    private static void assertEndedInOrder(Link link) throws Exception {
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1);
        assertThat(outcome(link)).isNull();
        try {
            assertThat(link.peer().input().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // What came too late found no socket any more.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void f4_autobahn7_aLongMessageInFrontOfACloseAndAPingArrivesWhole() throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(7, 256 * 1024);
        RawWebSocketPeer peer = link.peer();
        // The ping may already find the connection cut.
        Chop.FRAME_BY_FRAME.send(
                peer, peer.frame(FrameBytes.BINARY, payload), close(peer, NORMAL), peer.frame(FrameBytes.PING));
        link.reader().expectEof();
        assertThat(link.reader().sha256()).isEqualTo(Bytes.sha256(payload));
        assertThat(peer.expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(NORMAL);
        assertThat(outcome(link)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f4_autobahn7_theCloseMayBeCutAnywhere(Chop chop) throws Exception {
        byte[] longest = Bytes.concat(new byte[] {3, (byte) 0xe8}, Bytes.utf8("r".repeat(123)));
        for (int length : new int[] {0, 2, 125}) {
            Link link = open().read();
            chop.send(
                    link.peer(),
                    link.peer().frame(FrameBytes.BINARY, (byte) 1),
                    link.peer().frame(FrameBytes.CLOSE, Arrays.copyOf(longest, length)));
            link.reader().expectEof();
            assertThat(link.reader().bytes()).containsExactly(1);
            assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode())
                    .isEqualTo(length == 0 ? RawFrame.NO_CODE : NORMAL);
            assertThat(outcome(link)).isNull();
        }
    }
}
