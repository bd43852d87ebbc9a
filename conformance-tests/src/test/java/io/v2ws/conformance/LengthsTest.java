package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of every kind of length, cut at every kind of place: family 1 of the Autobahn test suite. */
@EveryEnd
class LengthsTest extends StreamRules {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536})
    void f1_autobahn1_aBinaryMessageOfAnyLengthArrivesWhole(int length) throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(length, length);
        link.peer().sendBinary(payload);
        link.peer().sendBinary((byte) 7);
        link.reader().expect(Bytes.concat(payload, new byte[] {7}));
        assertThat(link.stream().bytesIn()).isEqualTo(length + 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536})
    void f2_autobahn1_aTextMessageOfAnyLengthIsDiscarded(int length) throws Exception {
        // Without half-close, in which an empty text has a meaning.
        Link link = open(options().halfClose(false)).read();
        link.peer().sendText("*".repeat(length));
        link.peer().sendBinary((byte) 7);
        link.reader().expect(new byte[] {7});
        assertThat(link.stream().bytesIn()).isEqualTo(1);
        assertAlive(link);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 126, 65_536})
    void f1_autobahn1_aFrameMayBeCutBehindEveryOctetOfItsHeader(int length) throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(length, length);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int headerAndALittle =
                Math.min(16, link.peer().frame(FrameBytes.BINARY, payload).bytes().length);
        for (int cut = 1; cut <= headerAndALittle; cut++) {
            byte[] frame = link.peer().frame(FrameBytes.BINARY, payload).bytes();
            link.peer().send(Arrays.copyOf(frame, cut));
            KernelBuffers.awaitTaken(link.peer().socket());
            link.peer().send(Arrays.copyOfRange(frame, cut, frame.length));
            expected.writeBytes(payload);
        }
        link.reader().expect(expected.toByteArray());
        assertAlive(link);
    }

    @Test
    void f1_autobahn1_framesMayArriveOctetByOctet() throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(5, 140);
        byte[] start = Arrays.copyOf(payload, 130);
        byte[] end = Arrays.copyOfRange(payload, 130, 140);
        drip(link, link.peer().frame(FrameBytes.BINARY, start).fin(false), start.length);
        drip(link, link.peer().frame(FrameBytes.PING, Bytes.utf8("middle")), 0);
        drip(link, link.peer().frame(FrameBytes.CONTINUATION).fin(false), 0);
        drip(link, link.peer().frame(FrameBytes.CONTINUATION, end), end.length);
        link.reader().expect(payload);
        assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("middle");
    }

    /** Sends each byte when the one before was read; what is stream data can be seen at the link.reader(). */
    private static void drip(Link link, FrameBytes frame, int dataLength) throws Exception {
        byte[] bytes = frame.bytes();
        long count = link.reader().count();
        for (int i = 0; i < bytes.length; i++) {
            link.peer().send(new byte[] {bytes[i]});
            if (i < bytes.length - dataLength) {
                KernelBuffers.awaitTaken(link.peer().socket());
            } else {
                count++;
                link.reader().awaitCount(count);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 13, 64, 997, 65_535})
    void f1_autobahn1_piecesOfAnySizeCarryTheSameBytes(int piece) throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(piece, piece < 64 ? 4_000 : 65_536);
        byte[] wire = Bytes.concat(
                link.peer().frame(FrameBytes.BINARY, payload).bytes(),
                link.peer().frame(FrameBytes.TEXT, payload).bytes(),
                link.peer().frame(FrameBytes.BINARY, payload).bytes());
        Chop.sendInPieces(link.peer(), piece, wire);
        link.reader().expect(Bytes.concat(payload, payload));
        assertAlive(link);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 16 << 20})
    void f1_autobahn1_aWriteOfAnyLengthReachesThePeerInLegalBinaryFrames(int length) throws Exception {
        Link link = open();
        byte[] payload = Bytes.random(length, length);
        var written = write(link.stream(), false, payload);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        boolean inMessage = false;
        while (read.size() < length) {
            RawFrame frame = link.peer().expectFrame(inMessage ? FrameBytes.CONTINUATION : FrameBytes.BINARY);
            assertThat(frame.rsv()).isZero();
            assertThat(frame.masked()).isEqualTo(!isServer());
            read.writeBytes(frame.payload());
            inMessage = !frame.fin();
        }
        written.get(10, TimeUnit.SECONDS);
        assertThat(inMessage).isFalse();
        assertThat(Bytes.sha256(read.toByteArray())).isEqualTo(Bytes.sha256(payload));
        assertThat(link.stream().bytesOut()).isEqualTo(length);
        link.peer().sendPing((byte) 1);
        link.read();
        // An empty write sent nothing, and nothing else did.
        link.peer().expectFrame(FrameBytes.PONG);
    }
}
