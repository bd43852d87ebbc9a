package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.FrameBytes;
import java.io.IOException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F5: a connection on which reading fails for a reason of this end. */
class ReadFailureTest {
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test-scheduler", true);
    private final ScarcePool pool = new ScarcePool();

    /** A pool whose memory can run out. */
    private static final class ScarcePool extends ArrayByteBufferPool {
        private boolean empty;

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            if (empty) {
                empty = false;
                // As an OutOfMemoryError, which would end the JVM of the tests where nothing catches it.
                throw new InternalError("Cannot reserve " + size + " bytes of direct buffer memory");
            }
            return super.acquire(size, direct);
        }
    }

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void stop() throws Exception {
        scheduler.stop();
    }

    @Test
    void f5_anErrorWhileReadingEndsTheStream() throws IOException {
        FrameWire wire = new FrameWire(true, FrameWire.Reader.LAZY, scheduler, pool);
        wire.stream().demand(() -> {});
        pool.empty = true;
        byte[] data = FrameBytes.of(FrameBytes.BINARY, (byte) 1).masked().bytes();
        wire.feed(data, 0, data.length);
        assertThat(Content.Chunk.isFailure(wire.stream().read())).isTrue();
        assertThat(wire.answers()).containsExactly("close 03f3");
        assertThat(wire.stream().closed().getNow(null).failure()).hasRootCauseInstanceOf(InternalError.class);
    }
}
