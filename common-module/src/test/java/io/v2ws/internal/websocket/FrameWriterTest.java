package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private final ByteArrayEndPoint endPoint = new ByteArrayEndPoint(new byte[0], 8);
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final FrameWriter writer = new FrameWriter(endPoint, pool, Role.SERVER, failure -> {});

    @Test
    void f5_whoHearsOfAFailedWriteFindsTheWriterFailed() {
        // Who reads the end of the connection meanwhile takes it for an end in order otherwise.
        List<Boolean> failed = new ArrayList<>();
        Callback callback = Callback.from(() -> {}, x -> failed.add(writer.hasFailed()));
        writer.data(ByteBuffer.allocate(100), false, callback);
        writer.send(FrameHeader.PING, ByteBuffer.allocate(0), callback);
        endPoint.close();
        assertThat(failed).containsExactly(true, true);
        assertThat(pool.getLeaks()).isEmpty();
    }

    @Test
    void aFrameThatIsPartlyOutIsKnown() {
        assertThat(writer.isInsideFrame()).isFalse();
        writer.data(ByteBuffer.allocate(2), false, Callback.NOOP);
        assertThat(writer.isInsideFrame()).isFalse();
        writer.data(ByteBuffer.allocate(100), false, Callback.NOOP);
        assertThat(writer.isInsideFrame()).isTrue();
        endPoint.takeOutput();
        endPoint.close();
        assertThat(writer.isInsideFrame()).isFalse();
        assertThat(pool.getLeaks()).isEmpty();
    }
}
