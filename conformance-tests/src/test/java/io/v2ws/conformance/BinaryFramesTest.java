package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F1: binary frames of any size and any fragmentation. */
@EveryEnd
class BinaryFramesTest extends StreamRules {

    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void f1_anyFragmentationCarriesTheSameBytes(long seed) throws Exception {
        Link link = open().read();
        Random random = new Random(seed);
        byte[] payload = Bytes.random(seed, 1_000_000);
        List<String> pings = new ArrayList<>();
        byte[] wire = fragmented(link.peer(), payload, random, pings);
        for (int at = 0; at < wire.length; ) {
            int end = Math.min(wire.length, at + 1 + random.nextInt(20_000));
            link.peer().send(Arrays.copyOfRange(wire, at, end));
            at = end;
        }
        link.reader().expect(payload);
        link.peer().sendPing(Bytes.utf8("last"));
        List<String> pongs = new ArrayList<>();
        while (!pongs.contains("last")) {
            pongs.add(link.peer().expectFrame(FrameBytes.PONG).text());
        }
        pongs.remove("last");
        // A pong may be skipped for a newer one (RFC 6455, 5.5.3), never made up or reordered.
        assertThat(pings).containsSubsequence(pongs);
    }

    /**
     * Messages of fragments of many sizes, empty ones among them, with pings, pongs and texts wherever these may be.
     */
    private static byte[] fragmented(RawWebSocketPeer peer, byte[] payload, Random random, List<String> pings) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        boolean inMessage = false;
        for (int at = 0; at < payload.length || inMessage; ) {
            int size = Math.min(payload.length - at, sizes(random));
            boolean fin = at + size == payload.length || random.nextInt(3) == 0;
            int opcode = inMessage ? FrameBytes.CONTINUATION : FrameBytes.BINARY;
            wire.writeBytes(peer.frame(opcode, Arrays.copyOfRange(payload, at, at + size))
                    .fin(fin)
                    .bytes());
            at += size;
            inMessage = !fin;
            int between = random.nextInt(8);
            if (between == 0) {
                pings.add("ping " + pings.size());
                wire.writeBytes(peer.frame(FrameBytes.PING, Bytes.utf8(pings.get(pings.size() - 1)))
                        .bytes());
            } else if (between == 1) {
                wire.writeBytes(
                        peer.frame(FrameBytes.PONG, Bytes.utf8("unasked")).bytes());
            } else if (between == 2 && !inMessage) {
                wire.writeBytes(peer.frame(FrameBytes.TEXT, Bytes.utf8("noise")).bytes());
            }
        }
        return wire.toByteArray();
    }

    private static int sizes(Random random) {
        int[] interesting = {0, 0, 1, 2, 125, 126, 127, 4_095, 4_096, 65_535, 65_536, 65_537};
        return interesting[random.nextInt(interesting.length)];
    }

    @Test
    void f1_aMillionEmptyFramesChangeNothing() throws Exception {
        Link link = open().read();
        byte[] thousand = times(1_000, link.peer().frame(FrameBytes.BINARY).bytes());
        for (int i = 0; i < 1_000; i++) {
            link.peer().send(thousand);
        }
        assertAlive(link);
        assertThat(link.reader().count()).isEqualTo(5);
    }

    @Test
    void f1_twoHundredThousandFramesOfOneByteArrive() throws Exception {
        Link link = open().read();
        byte[] thousand =
                times(1_000, link.peer().frame(FrameBytes.BINARY, (byte) 'x').bytes());
        for (int i = 1; i <= 200; i++) {
            link.peer().send(thousand);
            // The tracking pool remembers a stack for every payload in a network buffer, in a list it copies each time.
            link.reader().awaitCount(i * 1_000);
        }
        byte[] expected = new byte[200_000];
        Arrays.fill(expected, (byte) 'x');
        link.reader().expect(expected);
    }

    private static byte[] times(int times, byte[] frame) {
        byte[] frames = new byte[frame.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(frame, 0, frames, i * frame.length, frame.length);
        }
        return frames;
    }

    @Test
    void f1_bytesOfAnUnfinishedFrameAreDeliveredAtOnce() throws Exception {
        Link link = open().read();
        byte[] start = Bytes.random(3, 10);
        link.peer().send(link.peer().frame(FrameBytes.BINARY, start).declaredLength(Integer.MAX_VALUE));
        link.reader().expect(start);
    }

    @Test
    void f1_aFrameOf256MebibytesIsStreamedThroughAFewBuffers() throws Exception {
        Link link = open().read();
        long size = 256L * MIB;
        byte[] block = Bytes.random(9, MIB);
        var expected = Bytes.digest("SHA-256");
        byte[] key = {1, 2, 3, 4};
        FrameBytes header = FrameBytes.binary().declaredLength(size);
        link.peer().send(isServer() ? header.masked(key) : header);
        byte[] onTheWire = isServer() ? FrameBytes.mask(block, key) : block;
        long most = 0;
        for (long sent = 0; sent < size; sent += MIB) {
            link.peer().send(onTheWire);
            expected.update(block);
            most = Math.max(most, link.bufferedBytes());
        }
        eventually().until(() -> link.reader().count() == size);
        assertThat(link.reader().sha256()).isEqualTo(java.util.HexFormat.of().formatHex(expected.digest()));
        assertThat(most).isLessThanOrEqualTo(512 * 1024);
        assertThat(link.reader().largestChunk()).isLessThanOrEqualTo(256 * 1024);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE})
    void f1_aFrameMayBeLongerThanAnInt_butJettysParserRefusesItWith1009(long length) throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1);
        link.peer().send(link.peer().frame(FrameBytes.BINARY, new byte[10]).declaredLength(length));
        if (runsOnJetty()) {
            link.peer().expectClose(1009);
            assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1009);
            assertThat(link.reader().count()).isEqualTo(1);
        } else {
            eventually().until(() -> link.reader().count() == 11);
            link.peer().shutdownOutput();
            assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1006);
        }
    }

    @Test
    void f1_anyKindOfBufferIsWrittenAsItIsAndConsumed() throws Exception {
        Link link = open();
        byte[] payload = Bytes.random(11, 1003);
        ByteBuffer direct = ByteBuffer.allocateDirect(1003).put(payload).flip();
        ByteBuffer inTheMiddle = ByteBuffer.wrap(Bytes.concat(new byte[5], payload, new byte[5]), 5, 1003);
        for (ByteBuffer buffer : List.of(
                direct,
                ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN),
                ByteBuffer.wrap(payload).asReadOnlyBuffer(),
                inTheMiddle)) {
            Callback.Completable written = new Callback.Completable();
            link.stream().write(false, buffer, written);
            assertThat(link.peer().readBinary(1003)).isEqualTo(payload);
            written.get(10, TimeUnit.SECONDS);
            assertThat(buffer.remaining()).isZero();
        }
        assertThat(payload).isEqualTo(Bytes.random(11, 1003));
    }

    @Test
    void f1_aWriteWithoutABufferIsAnEmptyOne() throws Exception {
        Link link = open();
        Callback.Completable written = new Callback.Completable();
        link.stream().write(false, null, written);
        written.get(10, TimeUnit.SECONDS);
        writeNow(link.stream(), (byte) 1);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
    }
}
