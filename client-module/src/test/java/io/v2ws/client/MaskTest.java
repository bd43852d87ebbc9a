package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The masks of the frames that a client sends (C16). */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class MaskTest {
    private static final int FRAMES = 10_000;

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @Test
    void c16_everyFrameHasAFreshUnpredictableMask() throws Exception {
        int[] keys = keysOf(FRAMES);
        Set<Integer> different = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        int[] ones = new int[32];
        for (int i = 0; i < FRAMES; i++) {
            different.add(keys[i]);
            steps.add(i == 0 ? 0 : keys[i] - keys[i - 1]);
            for (int bit = 0; bit < 32; bit++) {
                ones[bit] += keys[i] >>> bit & 1;
            }
        }
        // By chance one pair in 86 runs is the same, three pairs in four million.
        assertThat(different).hasSizeGreaterThan(FRAMES - 3);
        // Nor are they a sequence.
        assertThat(steps).hasSizeGreaterThan(FRAMES - 3);
        // Every bit is set in about half of them; ten standard deviations off never happens by chance.
        for (int count : ones) {
            assertThat(count).isBetween(FRAMES / 2 - 500, FRAMES / 2 + 500);
        }
    }

    @Test
    void c16_masksAreNotThoseOfAPredictableGenerator() throws Exception {
        int[] keys = keysOf(20);
        for (int i = 0; i + 2 < keys.length; i++) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                assertThat(nextOfJavaUtilRandom(as(order, keys[i]), as(order, keys[i + 1])))
                        .as("what java.util.Random would give next")
                        .doesNotContain(as(order, keys[i + 2]));
            }
        }
    }

    @Test
    void c16_controlFramesAreMaskedToo() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options()).connect();
        RawWebSocketPeer peer = server.acceptUpgrade().peer();
        WebSocketStream stream = Streams.get(connecting);
        Streams.demand(stream);
        peer.sendPing((byte) 1, (byte) 2);
        RawFrame pong = peer.expectFrame(FrameBytes.PONG);
        assertThat(pong.masked()).isTrue();
        assertThat(pong.payload()).containsExactly(1, 2);
        stream.close();
        assertThat(peer.expectClose(1000).masked()).isTrue();
        peer.sendClose(1000, "");
        Streams.get(stream.closed());
    }

    /** The masks of so many frames with one byte each. */
    private int[] keysOf(int count) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options().halfClose(false)).connect();
        RawWebSocketPeer peer = server.acceptUpgrade().peer();
        WebSocketStream stream = Streams.get(connecting);
        CompletableFuture<Void> last = null;
        for (int i = 0; i < count; i++) {
            last = Streams.startWrite(stream, (byte) i);
            if (i % 100 == 0) {
                Streams.get(last);
            }
        }
        int[] keys = new int[count];
        for (int i = 0; i < count; i++) {
            RawFrame frame = peer.expectFrame(FrameBytes.BINARY);
            assertThat(frame.masked()).isTrue();
            assertThat(frame.payload()).containsExactly((byte) i);
            keys[i] = ByteBuffer.wrap(frame.maskKey()).getInt();
        }
        Streams.get(last);
        return keys;
    }

    private static int as(ByteOrder order, int key) {
        return order == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key);
    }

    /** Two outputs of 32 bits leave 16 bits of the state unknown, and so a few candidates for the third. */
    private static Set<Integer> nextOfJavaUtilRandom(int first, int second) {
        Set<Integer> candidates = new HashSet<>();
        for (int low = 0; low < 1 << 16; low++) {
            long state = next((first & 0xffff_ffffL) << 16 | low);
            if ((int) (state >>> 16) == second) {
                candidates.add((int) (next(state) >>> 16));
            }
        }
        return candidates;
    }

    /** The step of {@link java.util.Random}, as documented there. */
    private static long next(long state) {
        return (state * 0x5DEECE66DL + 0xBL) & ((1L << 48) - 1);
    }
}
