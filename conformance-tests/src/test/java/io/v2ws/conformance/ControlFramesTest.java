package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F2 and F3: text is discarded, pings are answered, whatever the write side does. */
@EveryEnd
class ControlFramesTest extends StreamRules {

    private static final byte[] NO_UTF8 = {(byte) 0xc3, 0x28, (byte) 0xff, (byte) 0xfe, (byte) 0xed, (byte) 0xa0, 1};
    private static final int MUCH = 32 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"x", "text", "\u00e4\u20ac\ud83d\ude00", "{\"json\": true}\n"})
    void f2_validTextIsDiscardedAndTheStreamGoesOn(String text) throws Exception {
        Link link = open().read();
        link.peer().sendText(text);
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertAlive(link);
    }

    @Test
    void f2_invalidUtf8TextIsDiscardedAndTheStreamGoesOn() throws Exception {
        Link link = open().read();
        link.peer().send(link.peer().frame(FrameBytes.TEXT, NO_UTF8));
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertAlive(link);
    }

    @Test
    void f2_theFirstTextWithContentIsOneLineInTheLogAndTheBytesAreCounted() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Link link = open().read();
            link.peer().sendText("");
            link.peer().sendBinary((byte) 1);
            link.reader().expect(new byte[] {1});
            assertThat(log.text()).doesNotContain("text messages");
            link.peer().sendText("secret");
            link.peer().sendText("four");
            link.peer().sendBinary((byte) 2);
            link.reader().expect(new byte[] {1, 2});
            link.peer().sendClose(1000, "");
            assertThat(link.stream().closed().get(10, TimeUnit.SECONDS).discardedText())
                    .isEqualTo(10);
            assertThat(log.text()).containsOnlyOnce("sends text messages").doesNotContain("secret");
        }
    }

    @Test
    void f2_withTheOptionTextIsDataInFragmentsTooButAnEmptyMessageIsNot() throws Exception {
        Link link = open(options().text(TextMode.DATA)).read();
        link.peer().sendText("one ");
        link.peer().sendBinary(Bytes.utf8("two "));
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.TEXT).fin(false),
                        link.peer()
                                .frame(FrameBytes.CONTINUATION, Bytes.utf8("three "))
                                .fin(false),
                        link.peer().frame(FrameBytes.PING, (byte) 9),
                        link.peer().frame(FrameBytes.CONTINUATION, NO_UTF8));
        link.reader().expect(Bytes.concat(Bytes.utf8("one two three "), NO_UTF8));
        link.peer().sendText("");
        // The half-close of a peer that has announced it by a frame; the end of the stream otherwise comes by a Close.
        link.peer().sendClose(1000, "");
        link.reader().expectEof();
        assertThat(link.stream().closed().get(10, TimeUnit.SECONDS).discardedText())
                .isZero();
    }

    @Test
    void f2_fragmentedTextIsDiscardedValidOrNot() throws Exception {
        Link link = open().read();
        for (byte[] part : new byte[][] {Bytes.utf8("part"), NO_UTF8, {}}) {
            link.peer().sendBinary((byte) 1);
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.TEXT, part).fin(false),
                            link.peer().frame(FrameBytes.CONTINUATION).fin(false),
                            link.peer().frame(FrameBytes.PING, (byte) 9),
                            link.peer().frame(FrameBytes.CONTINUATION, NO_UTF8).fin(false),
                            link.peer().frame(FrameBytes.CONTINUATION, part));
        }
        link.peer().sendBinary((byte) 2);
        link.reader().expect(new byte[] {1, 1, 1, 2});
        assertAlive(link);
    }

    @Test
    void f2_largeTextIsDiscardedWithoutBeingCollected() throws Exception {
        Link link = open().read();
        int size = 32 << 20;
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        FrameBytes header = FrameBytes.of(FrameBytes.TEXT).declaredLength(size);
        link.peer().send(isServer() ? header.masked(new byte[4]) : header);
        long most = 0;
        for (int sent = 0; sent < size; sent += block.length) {
            link.peer().send(block);
            most = Math.max(most, link.bufferedBytes());
        }
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertThat(most).isLessThanOrEqualTo(512 * 1024);
        assertAlive(link);
    }

    @Test
    void f2_textBetweenBinaryMessagesTouchesNoByte() throws Exception {
        Link link = open().read();
        byte[] payload = Bytes.random(2, 1_000);
        for (byte next : payload) {
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.BINARY, next),
                            link.peer().frame(FrameBytes.TEXT, Bytes.utf8("noise")));
        }
        link.reader().expect(payload);
        assertThat(link.stream().bytesIn()).isEqualTo(1_000);
    }

    @Test
    void f3_pingsOfEverySizeAreAnsweredWithTheSamePayload() throws Exception {
        Link link = open().read();
        for (int size = 0; size <= 125; size++) {
            byte[] payload = Bytes.random(size, size);
            link.peer().sendPing(payload);
            RawFrame pong = link.peer().expectFrame(FrameBytes.PONG);
            assertThat(pong.payload()).isEqualTo(payload);
            assertThat(pong.masked()).isEqualTo(!isServer());
            assertThat(pong.fin()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f3_autobahn2_pingsOfTheShortestAndTheLongestPayloadMayBeCutAnywhere(Chop chop) throws Exception {
        Link link = open().read();
        byte[] longest = Bytes.random(2, 125);
        chop.send(link.peer(), link.peer().frame(FrameBytes.PING), link.peer().frame(FrameBytes.PING, longest));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).payload()).isEmpty();
        assertThat(link.peer().expectFrame(FrameBytes.PONG).payload()).isEqualTo(longest);
        assertAlive(link);
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f3_autobahn2_tenPingsInARowAreAnsweredInOrder(Chop chop) throws Exception {
        // RFC 6455, 5.5.3: the latest ping may be answered for all.
        needsMoreThanServletApi("a pong waits until the container has said that it may write");
        Link link = open().read();
        FrameBytes[] pings = new FrameBytes[10];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = link.peer().frame(FrameBytes.PING, Bytes.utf8("payload-" + i));
        }
        chop.send(link.peer(), pings);
        for (int i = 0; i < pings.length; i++) {
            assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("payload-" + i);
        }
        assertAlive(link);
    }

    @Test
    void f3_autobahn2_aPongThatNobodyAskedForIsNoAnswerToThePingBehindIt() throws Exception {
        Link link = open().read();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.PONG, Bytes.utf8("unasked")),
                        link.peer().frame(FrameBytes.PING, Bytes.utf8("asked")),
                        link.peer().frame(FrameBytes.PONG));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("asked");
        assertAlive(link);
    }

    @Test
    void f3_pongsAreDiscarded() throws Exception {
        Link link = open().read();
        for (int size = 0; size <= 125; size++) {
            link.peer().sendPong(new byte[size]);
        }
        assertAlive(link);
        assertThat(link.reader().count()).isEqualTo(5);
    }

    @Test
    void f3_aPingInsideAFragmentedMessageIsAnsweredBeforeItsEnd() throws Exception {
        Link link = open().read();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1).fin(false),
                        link.peer().frame(FrameBytes.PING, (byte) 9));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).payload()).containsExactly(9);
        link.peer().send(link.peer().frame(FrameBytes.CONTINUATION, (byte) 2));
        link.reader().expect(new byte[] {1, 2});
    }

    @Test
    void f3_aCongestedWriteSideStopsNeitherReadingNorThePongs() throws Exception {
        Link link = openWithSmallBuffer().read();
        byte[] much = Bytes.random(4, MUCH);
        CompletableFuture<Void> written = write(link.stream(), false, much);
        for (byte i = 1; i <= 20; i++) {
            link.peer().sendPing(i);
            link.peer().sendBinary(i);
            int count = i;
            eventually().until(() -> link.reader().count() == count);
        }
        assertThat(written).isNotDone();
        assertThat(readAllUntilPong(link.peer(), much, (byte) 20)).isBetween(1, 20);
        written.get(10, TimeUnit.SECONDS);
        assertAlive(link);
    }

    /** Reads the stream and the pongs in it, down to the one with this payload; returns how many there were. */
    private static int readAllUntilPong(RawWebSocketPeer peer, byte[] stream, byte... last) throws Exception {
        var digest = Bytes.digest("SHA-256");
        long read = 0;
        int pongs = 0;
        boolean lastSeen = false;
        while (read < stream.length || !lastSeen) {
            RawFrame frame = peer.readFrame();
            if (frame.opcode() == FrameBytes.PONG) {
                pongs++;
                lastSeen = Arrays.equals(frame.payload(), last);
            } else {
                digest.update(frame.payload());
                read += frame.payload().length;
            }
        }
        assertThat(digest.digest()).isEqualTo(Bytes.digest("SHA-256").digest(stream));
        return pongs;
    }

    @ParameterizedTest(name = "write side congested: {0}")
    @CsvSource({"false", "true"})
    void f3_aFloodOfPingsWithUnreadPongsStaysBounded(boolean congested) throws Exception {
        Link link = openWithSmallBuffer().read();
        byte[] much = congested ? Bytes.random(4, MUCH) : new byte[0];
        CompletableFuture<Void> written = write(link.stream(), false, much);
        int flood = congested ? 20_000 : 60_000;
        byte[] last = new byte[125];
        last[0] = 1;
        long most = flood(link, new byte[125], flood);
        link.peer().sendPing(last);
        link.peer().sendBinary((byte) 7);
        eventually().until(() -> link.reader().count() == 1);
        assertThat(most).isLessThanOrEqualTo(1 << 20);
        // What got out fills the kernel's buffers; behind these there are two pongs at most.
        assertThat(readAllUntilPong(link.peer(), much, last)).isLessThan(flood - 10_000);
        written.get(10, TimeUnit.SECONDS);
        assertAlive(link);
    }

    private static long flood(Link link, byte[] payload, int times) throws Exception {
        byte[] ping = link.peer().frame(FrameBytes.PING, payload).bytes();
        int batch = 100;
        byte[] pings = new byte[ping.length * batch];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(ping, 0, pings, i * ping.length, ping.length);
        }
        long most = 0;
        for (int i = 0; i < times / batch; i++) {
            link.peer().send(pings);
            most = Math.max(most, link.bufferedBytes());
        }
        return most;
    }
}
