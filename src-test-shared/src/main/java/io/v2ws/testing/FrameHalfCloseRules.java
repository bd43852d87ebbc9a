package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** F9 after both ends announced it, and what is the same for either role before. */
public abstract class FrameHalfCloseRules extends FrameRules {

    /** For subclasses. */
    protected FrameHalfCloseRules() {}

    /** Options of a link on which {@link #agree} is called. */
    protected FrameOptions options() {
        return FrameOptions.defaults();
    }

    /** Has both ends announce half-close; the stream is being read. */
    protected final FrameReader agree(FrameLink link) throws Exception {
        FrameReader reader = FrameReader.start(link.stream());
        if (!options().announcedInKey()) {
            link.peer().sendText("");
        }
        if (isServer()) {
            expectEmptyText(link);
        }
        eventually().until(() -> link.stream().canHalfClose());
        return reader;
    }

    /** Reads the announcement or the end of the output. */
    protected static void expectEmptyText(FrameLink link) throws Exception {
        RawFrame text = link.peer().expectFrame(FrameBytes.TEXT);
        assertThat(text.payload()).isEmpty();
        assertThat(text.fin()).isTrue();
    }

    /** Checks that the stream has sent nothing up to now: the very next frame is the answer to a ping. */
    protected static void expectNothing(FrameLink link) throws Exception {
        link.peer().sendPing(Bytes.utf8("next"));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("next");
    }

    @Test
    void f9_theEndOfThePeersOutputIsEofAndTheOtherDirectionGoesOn() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().sendText("");
        reader.expectEof();
        assertThat(reader.bytes()).containsExactly(1, 2);
        byte[] payload = Bytes.random(1, 1 << 20);
        CompletableFuture<Void> written = write(link.stream(), false, payload);
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
        assertThat(link.stream().closed()).isNotDone();
        expectNothing(link);
    }

    @Test
    void f9_theEndOfOurOutputIsToldBehindItsLastByteAndTheOtherDirectionGoesOn() throws Exception {
        FrameLink link = open(options().smallBuffer());
        FrameReader reader = agree(link);
        byte[] payload = Bytes.random(1, 8 << 20);
        CompletableFuture<Void> written = write(link.stream(), true, payload);
        assertThat(link.peer().readBinary(payload.length)).isEqualTo(payload);
        written.get(10, TimeUnit.SECONDS);
        expectEmptyText(link);
        byte[] answer = Bytes.random(2, 1 << 20);
        link.peer().sendBinary(answer);
        reader.expect(answer);
        link.peer().sendText("");
        reader.expectEof();
        link.stream().close();
        link.peer().expectFrame(FrameBytes.CLOSE);
    }

    @Test
    void f9_anEmptyLastWriteIsTheEndOfOurOutputToo() throws Exception {
        FrameLink link = open(options());
        agree(link);
        write(link.stream(), true).get(10, TimeUnit.SECONDS);
        expectEmptyText(link);
        expectNothing(link);
    }

    @Test
    void f9_bothDirectionsEndAndThenTheWebSocketCloses() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        link.peer().sendText("");
        reader.expectEof();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        // By itself, and at once: the second end needs no text of its own.
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
        link.peer().sendClose(1000, "");
        assertThat(outcome(link)).isNull();
    }

    @Test
    void f9_behindTheEndNothingIsDeliveredAndFurtherTextsMeanNothing() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        link.peer().sendText("");
        reader.expectEof();
        link.peer().sendBinary((byte) 3);
        link.peer().sendText("");
        link.peer().sendText("text");
        // Pings are still read and answered.
        expectNothing(link);
        FrameReader again = FrameReader.start(link.stream());
        again.expectEof();
        assertThat(again.count()).isZero();
        link.peer().sendClose(1000, "");
        link.peer().expectFrame(FrameBytes.CLOSE);
    }

    @Test
    void f9_otherTextsAreNoEnd() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.TEXT, (byte) ' '),
                        link.peer().frame(FrameBytes.TEXT, (byte) 'x').fin(false),
                        link.peer().frame(FrameBytes.CONTINUATION));
        link.peer().sendBinary((byte) 1);
        reader.expect(new byte[] {1});
        assertThat(reader.hasEnded()).isFalse();
        expectNothing(link);
    }

    @Test
    void f9_aCutBehindTheEndOfThePeersOutputIsStillAnErrorOfTheStream() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        link.peer().sendText("");
        reader.expectEof();
        link.peer().reset();
        assertThat(link.stream().codeOf(outcome(link))).isEqualTo(1006);
    }

    @Test
    void f9_anErrorBehindTheEndOfOurOutputReachesTheReader() throws Exception {
        FrameLink link = open(options());
        FrameReader reader = agree(link);
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        link.peer().sendClose(1011, "");
        assertThat(link.stream().codeOf(reader.expectFailure())).isEqualTo(1011);
    }

    @Test
    void f9_withoutAnAnswerOurEndIsNotToldUntilTheClose() throws Exception {
        FrameLink link = open();
        FrameReader.start(link.stream());
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.stream().canHalfClose()).isFalse();
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
        link.stream().close();
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    @Test
    void f9_switchedOffItIsNeitherAnnouncedNorUnderstood() throws Exception {
        FrameLink link = open(options().withoutHalfClose());
        FrameReader reader = FrameReader.start(link.stream());
        expectNothing(link);
        link.peer().sendText("");
        link.peer().sendText("");
        link.peer().sendBinary((byte) 1);
        reader.expect(new byte[] {1});
        assertThat(link.stream().canHalfClose()).isFalse();
        write(link.stream(), true, (byte) 2).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
        expectNothing(link);
        assertThat(reader.hasEnded()).isFalse();
    }
}
