package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
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
        Link link = open().read();
        expectNothing(link);
        writeNow(link.stream(), (byte) 1);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
    }

    @Test
    void f9_anAnswerThatArrivesBehindTheServersFirstDataCounts() throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1);
        link.reader().expect(new byte[] {1});
        assertThat(link.stream().canHalfClose()).isFalse();
        link.peer().sendText("");
        eventually().until(() -> link.stream().canHalfClose());
        expectNothing(link);
        link.peer().sendText("");
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1);
    }

    @Test
    void f9_outputThatEndedBeforeTheAnswerIsToldWhenItComes() throws Exception {
        Link link = open().read();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
        link.peer().sendText("");
        link.peer().expectEmptyText();
        link.peer().sendBinary((byte) 2);
        link.reader().expect(new byte[] {2});
        expectNothing(link);
    }
}
