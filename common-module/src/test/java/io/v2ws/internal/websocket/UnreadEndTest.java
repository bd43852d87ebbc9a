package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F5: an end that has arrived and was not read when the connection was closed, as by a server that stops. */
class UnreadEndTest {
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test-scheduler", true);

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void stop() throws Exception {
        scheduler.stop();
        assertThat(pool.getLeaks()).isEmpty();
    }

    /** Lets data and an end arrive, of which only the data is read before the connection is closed. */
    private WebSocketStream closedWithUnread(FrameBytes end) {
        FrameWire wire = new FrameWire(true, FrameWire.Reader.LAZY, scheduler, pool);
        byte[] arrived =
                Bytes.concat(FrameBytes.of(FrameBytes.BINARY, (byte) 1).masked().bytes(), end.bytes());
        wire.stream().demand(() -> {});
        wire.feed(arrived, 0, arrived.length);
        wire.closeConnection();
        assertThat(wire.stream().closed()).isNotDone();
        Content.Chunk chunk = wire.stream().read();
        assertThat(chunk.get()).isEqualTo((byte) 1);
        chunk.release();
        assertThat(wire.stream().read()).isNull();
        wire.stream().demand(() -> {});
        return wire.stream();
    }

    @Test
    void f5_aCloseFrameIsStillTheEnd() {
        WebSocketStream stream = closedWithUnread(FrameBytes.close(1000, "").masked());
        assertThat(stream.read().isLast()).isTrue();
        assertThat(stream.closed().getNow(null)).isEqualTo(new StreamOutcome(1, 0, null, 1000));
    }

    @Test
    void f5_anErrorCodeIsStillTheEnd() {
        WebSocketStream stream = closedWithUnread(FrameBytes.close(1011, "").masked());
        assertThat(Content.Chunk.isFailure(stream.read())).isTrue();
        assertThat(stream.closed().getNow(null).failure()).isInstanceOf(WebSocketCloseException.class);
    }

    @Test
    void f5_aViolationIsStillTheEnd() {
        WebSocketStream stream = closedWithUnread(FrameBytes.of(3).masked());
        assertThat(Content.Chunk.isFailure(stream.read())).isTrue();
        assertThat(stream.closed().getNow(null).failure())
                .isInstanceOfSatisfying(
                        WebSocketCloseException.class, x -> assertThat(x.code()).isEqualTo(1002));
    }
}
