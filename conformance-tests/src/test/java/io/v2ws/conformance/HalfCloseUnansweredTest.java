package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.SourceReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** F9 where the peer knows no half-close. */
@EveryEnd
class HalfCloseUnansweredTest extends HalfCloseRules {

    @Test
    void f9_withoutAnAnswerOurEndIsNotToldUntilTheClose() throws Exception {
        Link link = open();
        SourceReader.start(link.stream());
        write(link.stream(), true, (byte) 1).get(10, TimeUnit.SECONDS);
        assertThat(link.stream().canHalfClose()).isFalse();
        assertThat(link.peer().expectFrame(FrameBytes.BINARY).payload()).containsExactly(1);
        expectNothing(link);
        link.stream().close();
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }
}
