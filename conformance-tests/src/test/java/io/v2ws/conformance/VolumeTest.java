package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Much data there and back, in messages, fragments and pieces of many sizes: families 9 and 10 of the Autobahn test
 * suite.
 */
@EveryEnd
class VolumeTest extends StreamRules {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB})
    void f1_autobahn9_aLongMessageComesBack(int length) throws Exception {
        Link link = openEcho();
        byte[] payload = Bytes.random(length, length);
        assertComesBack(link, payload, () -> link.peer().sendBinary(payload));
    }

    @ParameterizedTest
    @CsvSource({
        "262144, 64",
        "1048576, 256",
        "1048576, 1024",
        "4194304, 4096",
        "4194304, 16384",
        "4194304, 65536",
        "4194304, 262144",
        "4194304, 1048576",
    })
    void f1_autobahn9_aLongMessageInFragmentsComesBack(int length, int fragment) throws Exception {
        Link link = openEcho();
        byte[] payload = Bytes.random(fragment, length);
        FrameBytes[] frames = fragments(link.peer(), FrameBytes.BINARY, payload, fragment);
        assertComesBack(link, payload, () -> link.peer().send(frames));
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 64",
        "131072, 128",
        "262144, 256",
        "524288, 512",
        "1048576, 1024",
        "1048576, 2048",
        "4194304, 65536",
        "4194304, 1048576",
    })
    void f1_autobahn9_aLongMessageInPiecesComesBack(int length, int piece) throws Exception {
        Link link = openEcho();
        byte[] payload = Bytes.random(piece, length);
        byte[] wire = link.peer().frame(FrameBytes.BINARY, payload).bytes();
        assertComesBack(link, payload, () -> Chop.sendInPieces(link.peer(), piece, wire));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1_300, 64 * KIB})
    void f2_autobahn9_aLongTextInFragmentsIsDiscarded(int fragment) throws Exception {
        Link link = openEcho();
        byte[] text = new byte[fragment == 64 ? 256 * KIB : 4 * MIB];
        Arrays.fill(text, (byte) '*');
        FrameBytes[] frames = fragments(link.peer(), FrameBytes.TEXT, text, fragment);
        assertComesBack(link, new byte[] {7}, () -> {
            link.peer().send(frames);
            link.peer().sendBinary((byte) 7);
        });
        assertThat(link.stream().bytesIn()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 64, 256, 1_024, 4_096})
    void f1_autobahn9_manyShortMessagesMakeTheirRoundTrips(int length) throws Exception {
        Link link = openEcho();
        byte[] payload = Bytes.random(length, length);
        for (int i = 0; i < 250; i++) {
            link.peer().sendBinary(payload);
            assertThat(link.peer().readBinary(length)).isEqualTo(payload);
        }
    }

    @Test
    void f1_autobahn10_64KibibytesInFragmentsOf1300BytesComeBack() throws Exception {
        Link link = openEcho();
        byte[] payload = Bytes.random(10, 65_536);
        FrameBytes[] frames = fragments(link.peer(), FrameBytes.BINARY, payload, 1_300);
        assertComesBack(link, payload, () -> link.peer().send(frames));
    }

    /** Opens a link whose stream writes back what it reads. */
    private Link openEcho() throws Exception {
        Link link = open();
        Content.copy(link.stream(), link.stream(), Callback.NOOP);
        return link;
    }

    private static FrameBytes[] fragments(RawWebSocketPeer peer, int opcode, byte[] payload, int fragment) {
        List<FrameBytes> frames = new ArrayList<>();
        for (int at = 0; at < payload.length; at += fragment) {
            int end = Math.min(payload.length, at + fragment);
            frames.add(peer.frame(at == 0 ? opcode : FrameBytes.CONTINUATION, Arrays.copyOfRange(payload, at, end))
                    .fin(end == payload.length));
        }
        return frames.toArray(FrameBytes[]::new);
    }

    /** Sends beside reading: an echo that is not read would stop the sender. */
    private static void assertComesBack(Link link, byte[] payload, Background.Task sending) throws Exception {
        CompletableFuture<Void> sent = Background.run(sending);
        assertThat(Bytes.sha256(link.peer().readBinary(payload.length))).isEqualTo(Bytes.sha256(payload));
        sent.get(10, TimeUnit.SECONDS);
        // It is counted behind the write, which the peer may have seen already.
        eventually().until(() -> link.stream().bytesOut() == payload.length);
    }
}
