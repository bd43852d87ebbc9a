package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.SourceReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F9 after both ends announced it, and what is the same for either role before. */
@ParameterizedClass(name = "{0}")
@EnumSource
class HalfCloseTest extends HalfCloseRules {

    @Test
    void f9_theEndOfThePeersOutputIsEofAndTheOtherDirectionGoesOn() throws Exception {
        Link link = openAgreed();
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().sendText("");
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1, 2);
        byte[] payload = Bytes.random(1, 1 << 20);
        CompletableFuture<Void> written = write(link.stream(), false, payload);
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
        assertThat(link.stream().closed()).isNotDone();
        expectNothing(link);
    }

    @Test
    void f9_theEndOfOurOutputIsToldBehindItsLastByteAndTheOtherDirectionGoesOn() throws Exception {
        Link link = openWithSmallBuffer();
        agree(link);
        byte[] payload = Bytes.random(1, 8 << 20);
        CompletableFuture<Void> written = write(link.stream(), true, payload);
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
        link.peer().expectEmptyText();
        byte[] answer = Bytes.random(2, 1 << 20);
        link.peer().sendBinary(answer);
        link.reader().expect(answer);
        link.peer().sendText("");
        link.reader().expectEof();
        link.stream().close();
        link.peer().expectFrame(FrameBytes.CLOSE);
    }

    @Test
    void f9_anEmptyLastWriteIsTheEndOfOurOutputToo() throws Exception {
        Link link = open();
        agree(link);
        write(link.stream(), true).get(10, TimeUnit.SECONDS);
        link.peer().expectEmptyText();
        expectNothing(link);
    }

    @Test
    void f9_bothDirectionsEndAndThenTheWebSocketCloses() throws Exception {
        Link link = openAgreed();
        link.peer().sendText("");
        link.reader().expectEof();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        // By itself, and at once: the second end needs no text of its own.
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f9_whereTheEndsOfBothDirectionsCrossTheWebSocketClosesToo() throws Exception {
        Link link = openAgreed();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        link.peer().readBinary(1);
        link.peer().expectEmptyText();
        // The peer had not seen ours when it sent this.
        link.peer().sendBinary((byte) 2);
        link.peer().sendText("");
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(2);
        link.peer().expectClose(1000);
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f9_behindTheEndNothingIsDeliveredAndFurtherTextsMeanNothing() throws Exception {
        Link link = openAgreed();
        link.peer().sendText("");
        link.reader().expectEof();
        link.peer().sendBinary((byte) 3);
        link.peer().sendText("");
        link.peer().sendText("text");
        // Pings are still read and answered.
        expectNothing(link);
        SourceReader again = SourceReader.start(link.stream());
        again.expectEof();
        assertThat(again.count()).isZero();
        link.peer().sendClose(1000, "");
        link.peer().expectFrame(FrameBytes.CLOSE);
    }

    @Test
    void f9_otherTextsAreNoEnd() throws Exception {
        Link link = openAgreed();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.TEXT, (byte) ' '),
                        link.peer().frame(FrameBytes.TEXT, (byte) 'x').fin(false),
                        link.peer().frame(FrameBytes.CONTINUATION));
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertThat(link.reader().hasEnded()).isFalse();
        expectNothing(link);
    }

    @Test
    void f9_aCutBehindTheEndOfThePeersOutputIsStillAnErrorOfTheStream() throws Exception {
        Link link = openAgreed();
        link.peer().sendText("");
        link.reader().expectEof();
        link.peer().reset();
        assertThat(codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f9_anErrorBehindTheEndOfOurOutputReachesTheReader() throws Exception {
        Link link = openAgreed();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        link.peer().sendClose(1011, "");
        assertThat(codeOf(link.reader().expectFailure())).isEqualTo(1011);
    }

    @Test
    void f9_switchedOffItIsNeitherAnnouncedNorUnderstood() throws Exception {
        Link link = open(options().halfClose(false)).read();
        expectNothing(link);
        link.peer().sendText("");
        link.peer().sendText("");
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertThat(link.stream().canHalfClose()).isFalse();
        write(link.stream(), true, (byte) 2).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
        expectNothing(link);
        assertThat(link.reader().hasEnded()).isFalse();
    }
}
