package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.SourceReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F9: half-close with our client. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"DIRECT_CLIENT", "JETTY_CLIENT"})
class HalfCloseOfClientTest extends HalfCloseRules {
    @Test
    void f9_aClientSendsNoFrameThatNobodyAskedFor() throws Exception {
        Link link = open();
        SourceReader.start(link.stream());
        expectNothing(link);
        writeNow(link.stream(), (byte) 1);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
    }

    @Test
    void f9_anAnswerThatArrivesBehindTheServersFirstDataCounts() throws Exception {
        Link link = open();
        SourceReader reader = SourceReader.start(link.stream());
        link.peer().sendBinary((byte) 1);
        reader.expect(new byte[] {1});
        assertThat(link.stream().canHalfClose()).isFalse();
        link.peer().sendText("");
        eventually().until(() -> link.stream().canHalfClose());
        expectNothing(link);
        link.peer().sendText("");
        reader.expectEof();
        assertThat(reader.bytes()).containsExactly(1);
    }

    @Test
    void f9_outputThatEndedBeforeTheAnswerIsToldWhenItComes() throws Exception {
        Link link = open();
        SourceReader reader = SourceReader.start(link.stream());
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
        link.peer().sendText("");
        expectEmptyText(link);
        link.peer().sendBinary((byte) 2);
        reader.expect(new byte[] {2});
        expectNothing(link);
    }

    @Test
    void f9_answerDataAndEndInOneSegmentKeepTheirOrder() throws Exception {
        Link link = open();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.TEXT),
                        link.peer().frame(FrameBytes.BINARY, (byte) 1),
                        link.peer().frame(FrameBytes.TEXT));
        SourceReader reader = SourceReader.start(link.stream());
        reader.expectEof();
        assertThat(reader.bytes()).containsExactly(1);
        writeNow(link.stream(), (byte) 2);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
    }
}
