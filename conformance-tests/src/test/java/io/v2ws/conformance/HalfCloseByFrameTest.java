package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F9: half-close with our server, announced by a client that cannot choose its key. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"DIRECT_SERVER", "JETTY_SERVER", "TOMCAT_SERVER", "UNDERTOW_SERVER"})
class HalfCloseByFrameTest extends HalfCloseRules {
    @Test
    void f9_anAnnouncementIsAnsweredBeforeTheFirstData() throws Exception {
        Link link = open().read();
        assertThat(link.stream().canHalfClose()).isFalse();
        link.peer().sendText("");
        link.peer().expectEmptyText();
        assertThat(link.stream().canHalfClose()).isTrue();
        writeNow(link.stream(), (byte) 1);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
    }

    @Test
    void f9_aServerNeverSendsTextUnasked() throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        expectNothing(link);
        write(link.stream(), true, (byte) 2).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
        expectNothing(link);
        link.stream().close();
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    @Test
    void f9_anAnnouncementThatArrivesBehindTheServersFirstDataIsAnswered() throws Exception {
        Link link = open();
        writeNow(link.stream(), (byte) 1);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        agree(link);
    }

    @Test
    void f9_anEmptyTextBehindTheClientsFirstDataIsNoAnnouncement() throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1);
        link.peer().sendText("");
        link.peer().sendText("");
        link.peer().sendBinary((byte) 2);
        link.reader().expect(new byte[] {1, 2});
        expectNothing(link);
        assertThat(link.stream().canHalfClose()).isFalse();
        assertThat(link.reader().hasEnded()).isFalse();
    }

    @Test
    void f9_otherTextsAreNoAnnouncement() throws Exception {
        Link link = open().read();
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
        Link link = open();
        link.peer().sendPong((byte) 1);
        link.peer().sendBinary();
        agree(link);
    }

    @Test
    void f9_outputThatEndedBeforeTheAnnouncementIsToldBehindTheAnswer() throws Exception {
        Link link = open();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        link.read();
        link.peer().sendText("");
        link.peer().expectEmptyText();
        link.peer().expectEmptyText();
        link.peer().sendBinary((byte) 2);
        link.reader().expect(new byte[] {2});
        expectNothing(link);
    }
}
