package io.v2ws.testing;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/**
 * One open WebSocket between a raw peer and the stream under test.
 *
 * @param peer the raw end; an announcement of half-close by the stream was read from it already
 * @param stream the end under test
 * @param pool the buffers of the end under test
 */
public record FrameLink(RawWebSocketPeer peer, FrameStream stream, ArrayByteBufferPool.Tracking pool)
        implements AutoCloseable {

    /** Bytes of the buffers that are in use right now. */
    public long bufferedBytes() {
        return pool.getLeaks().stream()
                .mapToLong(ArrayByteBufferPool.Tracking.TrackedBuffer::getSize)
                .sum();
    }

    /** Cuts both ends and waits until the stream noticed. */
    @Override
    public void close() {
        peer.close();
        stream.abort(new AssertionError("the test has ended"));
        try {
            stream.closed().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stream did not end with its connection", e);
        }
    }
}
