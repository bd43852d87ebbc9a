package io.v2ws.bench.micro;

import io.v2ws.ByteStream;
import io.v2ws.StreamOutcome;
import io.v2ws.internal.io.HeadroomChunk;
import io.v2ws.internal.websocket.FrameHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;

/**
 * A stream without a network, in the place of TCP: takes whatever is written, and reads as many chunks as it is told.
 */
final class MemoryStream implements ByteStream {
    private static final int BUFFER = 64 * 1024;

    private final ByteBufferPool pool;
    private final int size;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    private Runnable demand;
    private int chunks;
    private long bytesIn;
    private long bytesOut;

    /**
     * Makes a stream.
     *
     * @param size of the chunks that are read
     */
    MemoryStream(ByteBufferPool pool, int size) {
        this.pool = pool;
        this.size = size;
    }

    /** Lets the reader read this many chunks, on this thread. */
    void feed(int count) {
        chunks = count;
        Runnable waiting = demand;
        demand = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Whether all that was fed was read. */
    boolean isDrained() {
        return chunks == 0;
    }

    @Override
    public Content.Chunk read() {
        if (chunks == 0) {
            return null;
        }
        chunks--;
        bytesIn += size;
        RetainableByteBuffer buffer = pool.acquire(BUFFER, true);
        buffer.getByteBuffer().clear().position(FrameHeader.MAX_SIZE).limit(FrameHeader.MAX_SIZE + size);
        return new HeadroomChunk(buffer);
    }

    @Override
    public void demand(Runnable demandCallback) {
        demand = demandCallback;
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        bytesOut += byteBuffer.remaining();
        byteBuffer.position(byteBuffer.limit());
        callback.succeeded();
    }

    @Override
    public boolean canHalfClose() {
        return true;
    }

    @Override
    public void close() {
        closed.complete(new StreamOutcome(bytesIn, bytesOut, null, 0));
    }

    @Override
    public void abort(Throwable cause) {
        close();
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }
}
