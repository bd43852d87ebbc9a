package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.SourceReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F9: half-close with our server, announced in the client's key. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"DIRECT_SERVER_TOLD_BY_KEY", "JETTY_SERVER_TOLD_BY_KEY"})
class HalfCloseByKeyTest extends HalfCloseRules {
    @Test
    void f9_aKeyThatAnnouncesIsAnsweredBeforeTheFirstData() throws Exception {
        Link link = open();
        assertThat(link.stream().canHalfClose()).isTrue();
        SourceReader.start(link.stream());
        writeNow(link.stream(), (byte) 1);
        expectEmptyText(link);
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
        SourceReader reader = SourceReader.start(link.stream());
        reader.expectEof();
        assertThat(reader.bytes()).containsExactly(1);
        expectEmptyText(link);
        expectNothing(link);
    }
}
