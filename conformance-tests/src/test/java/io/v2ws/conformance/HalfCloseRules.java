package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;

/** Base of the tests of half-close (F9). */
abstract class HalfCloseRules extends StreamRules {

    /** Opens a link on which both ends have announced half-close; the stream is being read. */
    final Link openAgreed() throws Exception {
        Link link = open();
        agree(link);
        return link;
    }

    /** Has both ends announce half-close; the stream is being read. */
    final void agree(Link link) throws Exception {
        link.read();
        if (!end.isToldByKey()) {
            link.peer().sendText("");
        }
        if (isServer()) {
            link.peer().expectEmptyText();
        }
        eventually().until(() -> link.stream().canHalfClose());
    }

    /** Checks that the stream has sent nothing up to now: the very next frame is the answer to a ping. */
    static void expectNothing(Link link) throws Exception {
        link.peer().sendPing(Bytes.utf8("next"));
        assertThat(link.peer().expectFrame(FrameBytes.PONG).text()).isEqualTo("next");
    }
}
