package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** F9 before both ends have announced half-close, for either role. */
@EveryEnd
class HalfCloseAgreementTest extends HalfCloseRules {

    @Test
    void f9_withoutAnAnswerOurEndIsNotToldUntilTheClose() throws Exception {
        Link link = open().read();
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.stream().canHalfClose()).isFalse();
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
        link.stream().close();
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    @Test
    void f9_announcementOrAnswerDataAndEndInOneSegmentKeepTheirOrder() throws Exception {
        Link link = open();
        link.peer()
                .send(
                        link.peer().frame(FrameBytes.TEXT),
                        link.peer().frame(FrameBytes.BINARY, (byte) 1),
                        link.peer().frame(FrameBytes.TEXT));
        link.read();
        link.reader().expectEof();
        assertThat(link.reader().bytes()).containsExactly(1);
        if (isServer()) {
            link.peer().expectEmptyText();
        }
        writeNow(link.stream(), (byte) 2);
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(2);
    }
}
