package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.internal.io.TunnelEndPoint;
import io.v2ws.tcp.TcpRig;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
    void f5_aWriteThatTheEndPointHasFailedIsKnownBeforeItsCallback() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(TcpRig.loopback(0));
                SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            channel.configureBlocking(false);
            TunnelEndPoint tunnel = new TunnelEndPoint(channel, null, null, null);
            tunnel.keepInputWhenWritesFail();
            FrameWriter below = new FrameWriter(tunnel, pool, Role.SERVER, failure -> {});
            assertThat(below.hasFailed()).isFalse();
            channel.shutdownOutput();
            // As the thread of a write does, which calls back later.
            tunnel.flush(ByteBuffer.allocate(1));
            assertThat(below.hasFailed()).isTrue();
        }
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
