package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F9: half-close with our server, announced in the client's key. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"DIRECT_SERVER_TOLD_BY_KEY", "JETTY_SERVER_TOLD_BY_KEY", "TOMCAT_SERVER_TOLD_BY_KEY"})
class HalfCloseByKeyTest extends HalfCloseRules {
    @Test
    void f9_aKeyThatAnnouncesIsAnsweredBeforeTheFirstData() throws Exception {
        Link link = open();
        assertThat(link.stream().canHalfClose()).isTrue();
        link.read();
        writeNow(link.stream(), (byte) 1);
        link.peer().expectEmptyText();
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
    }

    @Test
    void f9_dataAndEndBehindAKeyThatAnnouncesKeepTheirOrder() throws Exception {
        Link link = open();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.BINARY, (byte) 1),
                        link.peer().frame(FrameBytes.TEXT));
        link.read();
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1);
        link.peer().expectEmptyText();
        expectNothing(link);
    }
}
