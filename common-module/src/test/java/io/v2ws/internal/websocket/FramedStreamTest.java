package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.UnansweredCloseException;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** F5 and F6 where no socket can be made to behave so: writes that are stuck here and not there. */
@ExtendWith(LeakCheck.class)
@Timeout(30)
class FramedStreamTest {
    private final FakeEngine engine = new FakeEngine();
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test-scheduler", true);
    private FramedStream stream;

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
        stream = new FramedStream(
                engine,
                WebSocketTransportOptions.builder()
                        .closeWriteTimeout(Duration.ofMillis(50))
                        .closeTimeout(Duration.ofMillis(50))
                        .pingInterval(Duration.ZERO)
                        .build(),
                Role.SERVER,
                UpgradeOffer.NONE,
                scheduler);
        stream.start();
    }

    @AfterEach
    void stop() throws Exception {
        stream.onDisconnected(1006, "", null);
        scheduler.stop();
    }

    private void write() {
        stream.write(false, ByteBuffer.allocate(10), Callback.NOOP);
    }

    @Test
    void f6_aLastWriteIsNotGivenUpWhileTheNetworkTakesAnyOfIt() {
        engine.flushed(look -> look < 10 ? look : 10);
        write();
        stream.close();
        await().until(() -> engine.events().contains("reset"));
        assertThat(engine.looks()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void f6_aLookAtTheLastWriteDoesNotReplaceTheTimeForThePeersAnswer() {
        engine.flushed(look -> {
            if (look == 2) {
                // The last write and the Close go out at the very moment of the look.
                engine.letGo();
            }
            return look;
        });
        write();
        stream.close();
        await().until(() -> engine.events().contains("finish"));
        stream.onDisconnected(1006, "", null);
        assertThat(stream.closed().join().failure()).isInstanceOf(UnansweredCloseException.class);
    }

    @Test
    void f5_aStreamThatIsCutInsideAFrameEndsByAFin() {
        engine.insideFrame(true);
        write();
        stream.close();
        await().until(() -> engine.events().contains("finish"));
        assertThat(engine.events()).doesNotContain("reset");
    }

    @Test
    void f5_aStreamThatIsCutBeforeAFrameHasBegunEndsByAReset() {
        // A FIN would stand between two messages, as an end in order does.
        write();
        stream.close();
        await().until(() -> engine.events().contains("reset"));
        assertThat(engine.events()).doesNotContain("finish");
    }

    @Test
    void f6_goingAwayLeavesAStreamAloneThatIsBeingClosed() {
        write();
        stream.close();
        stream.goAway(new IOException("this end is going away"));
        engine.letGo();
        assertThat(engine.events()).containsExactly("binary 10", "close 1000");
    }

    @Test
    void f6_aReaderThatThrowsAtTheCloseDoesNotDisturbTheLastWrites() {
        write();
        stream.demand(() -> {
            throw new IllegalStateException("closed");
        });
        stream.close();
        engine.letGo();
        assertThat(engine.events()).containsExactly("binary 10", "close 1000");
    }

    @Test
    void aStreamHasLeftItsRegistryWhenItsEndIsTold() {
        OpenStreams open = new OpenStreams();
        open.add(stream);
        List<Boolean> empty = new ArrayList<>();
        stream.closed()
                .thenRun(() -> empty.add(open.goAway(new IOException("closed")).isDone()));
        stream.onDisconnected(1006, "", null);
        assertThat(empty).containsExactly(true);
    }
}
