package io.v2ws.conformance;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SourceReader;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** One open WebSocket between a raw peer and the stream under test. */
final class Link implements AutoCloseable {
    private final RawWebSocketPeer peer;
    private final WebSocketStream stream;
    private final ArrayByteBufferPool.Tracking pool;
    private SourceReader reader;

    /**
     * Joins two ends.
     *
     * @param pool the buffers of the end under test
     */
    Link(RawWebSocketPeer peer, WebSocketStream stream, ArrayByteBufferPool.Tracking pool) {
        this.peer = peer;
        this.stream = stream;
        this.pool = pool;
    }

    RawWebSocketPeer peer() {
        return peer;
    }

    WebSocketStream stream() {
        return stream;
    }

    ArrayByteBufferPool.Tracking pool() {
        return pool;
    }

    /** Starts to read the stream, see {@link #reader}. */
    Link read() {
        reader = SourceReader.start(stream);
        return this;
    }

    SourceReader reader() {
        return reader;
    }

    /** Bytes of the buffers that are in use right now. */
    long bufferedBytes() {
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
