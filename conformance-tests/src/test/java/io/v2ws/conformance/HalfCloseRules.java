package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.SourceReader;

/** Base of the tests of half-close (F9). */
abstract class HalfCloseRules extends StreamRules {

    /** Has both ends announce half-close; the stream is being read. */
    final SourceReader agree(Link link) throws Exception {
        SourceReader reader = SourceReader.start(link.stream());
        if (!end.isToldByKey()) {
            link.peer().sendText("");
        }
        if (isServer()) {
            expectEmptyText(link);
        }
        eventually().until(() -> link.stream().canHalfClose());
        return reader;
    }

    /** Reads the announcement or the end of the output. */
    static void expectEmptyText(Link link) throws Exception {
        RawFrame text = link.peer().expectFrame(FrameBytes.TEXT);
        assertThat(text.payload()).isEmpty();
        assertThat(text.fin()).isTrue();
    }

    /** Checks that the stream has sent nothing up to now: the very next frame is the answer to a ping. */
    static void expectNothing(Link link) throws Exception {
        link.peer().sendPing(Bytes.utf8("next"));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("next");
    }
}
