package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.FrameHalfCloseRules;
import io.v2ws.testing.FrameLink;
import io.v2ws.testing.FrameReader;
import io.v2ws.testing.FrameRig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** F9: half-close, with our client. */
class FrameHalfCloseTest {
    @Nested
    class OnTheDirectEngine extends Rules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends Rules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.JETTY);
        }
    }

    abstract static class Rules extends FrameHalfCloseRules {
        @Test
        void f9_aClientSendsNoFrameThatNobodyAskedFor() throws Exception {
            FrameLink link = open();
            FrameReader.start(link.stream());
            expectNothing(link);
            writeNow(link.stream(), (byte) 1);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
            expectNothing(link);
        }

        @Test
        void f9_anAnswerThatArrivesBehindTheServersFirstDataCounts() throws Exception {
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
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
            FrameLink link = open();
            FrameReader reader = FrameReader.start(link.stream());
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
            FrameLink link = open();
            link.peer()
                    .send(
                            link.peer().frame(FrameBytes.TEXT),
                            link.peer().frame(FrameBytes.BINARY, (byte) 1),
                            link.peer().frame(FrameBytes.TEXT));
            FrameReader reader = FrameReader.start(link.stream());
            reader.expectEof();
            assertThat(reader.bytes()).containsExactly(1);
            writeNow(link.stream(), (byte) 2);
            assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
        }
    }
}
