package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.FrameHalfCloseRules;
import io.v2ws.testing.FrameLink;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameReader;
import io.v2ws.testing.FrameRig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** F9: half-close, with our server. */
class FrameHalfCloseTest {
    @Nested
    class OnTheDirectEngine extends Rules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends Rules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }

    @Nested
    class AnnouncedInTheKeyOnTheDirectEngine extends KeyRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class AnnouncedInTheKeyOnJettysEngine extends KeyRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }

    abstract static class KeyRules extends FrameHalfCloseRules {
        @Override
        protected FrameOptions options() {
            return FrameOptions.defaults().inKey();
        }

        @Test
        void f9_aKeyThatAnnouncesIsAnsweredBeforeTheFirstData() throws Exception {
            FrameLink link = open(options());
            assertThat(link.stream().canHalfClose()).isTrue();
            FrameReader.start(link.stream());
            writeNow(link.stream(), (byte) 1);
            expectEmptyText(link);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
            expectNothing(link);
        }

        @Test
        void f9_dataAndEndBehindAKeyThatAnnouncesKeepTheirOrder() throws Exception {
            FrameLink link = open(options());
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.BINARY, (byte) 1),
                            link.peer().frame(FrameBytes.TEXT));
            FrameReader reader = FrameReader.start(link.stream());
            reader.expectEof();
            assertThat(reader.bytes()).containsExactly(1);
            expectEmptyText(link);
            expectNothing(link);
        }
    }

    /** As by a client that cannot choose its key. */
    abstract static class Rules extends FrameHalfCloseRules {
        @Test
        void f9_anAnnouncementIsAnsweredBeforeTheFirstData() throws Exception {
            FrameLink link = open();
            FrameReader.start(link.stream());
            assertThat(link.stream().canHalfClose()).isFalse();
            link.peer().sendText("");
            expectEmptyText(link);
            assertThat(link.stream().canHalfClose()).isTrue();
            writeNow(link.stream(), (byte) 1);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        }

        @Test
        void f9_aServerNeverSendsTextUnasked() throws Exception {
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
            link.peer().sendBinary((byte) 1);
            reader.expect(new byte[] {1});
            expectNothing(link);
            write(link.stream(), true, (byte) 2).get(10, TimeUnit.SECONDS);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
            expectNothing(link);
            link.stream().close();
            assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
        }

        @Test
        void f9_anAnnouncementThatArrivesBehindTheServersFirstDataIsAnswered() throws Exception {
            FrameLink link = open();
            writeNow(link.stream(), (byte) 1);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
            agree(link);
        }

        @Test
        void f9_anEmptyTextBehindTheClientsFirstDataIsNoAnnouncement() throws Exception {
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
            link.peer().sendBinary((byte) 1);
            link.peer().sendText("");
            link.peer().sendText("");
            link.peer().sendBinary((byte) 2);
            reader.expect(new byte[] {1, 2});
            expectNothing(link);
            assertThat(link.stream().canHalfClose()).isFalse();
            assertThat(reader.hasEnded()).isFalse();
        }

        @Test
        void f9_otherTextsAreNoAnnouncement() throws Exception {
            FrameLink link = open();
            FrameReader.start(link.stream());
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.TEXT, (byte) ' '),
                            link.peer().frame(FrameBytes.TEXT, (byte) 'x').fin(false),
                            link.peer().frame(FrameBytes.CONTINUATION));
            expectNothing(link);
            assertThat(link.stream().canHalfClose()).isFalse();
        }

        @Test
        void f9_aPingOrAnEmptyFrameBeforeTheAnnouncementDoesNotMatter() throws Exception {
            FrameLink link = open();
            link.peer().sendPong((byte) 1);
            link.peer().sendBinary();
            agree(link);
        }

        @Test
        void f9_outputThatEndedBeforeTheAnnouncementIsToldBehindTheAnswer() throws Exception {
            FrameLink link = open();
            write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
            FrameReader reader = FrameReader.start(link.stream());
            link.peer().sendText("");
            expectEmptyText(link);
            expectEmptyText(link);
            link.peer().sendBinary((byte) 2);
            reader.expect(new byte[] {2});
            expectNothing(link);
        }

        @Test
        void f9_announcementDataAndEndInOneSegmentKeepTheirOrder() throws Exception {
            FrameLink link = open();
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.TEXT),
                            link.peer().frame(FrameBytes.BINARY, (byte) 1),
                            link.peer().frame(FrameBytes.TEXT));
            FrameReader reader = FrameReader.start(link.stream());
            reader.expectEof();
            assertThat(reader.bytes()).containsExactly(1);
            expectEmptyText(link);
            writeNow(link.stream(), (byte) 2);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
        }
    }
}
