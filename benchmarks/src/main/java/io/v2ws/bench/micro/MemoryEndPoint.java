package io.v2ws.bench.micro;

import io.v2ws.internal.websocket.FrameHeader;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.BufferUtil;

/** An end point without a network: takes whatever is written, and reads what it is fed. */
final class MemoryEndPoint extends ByteArrayEndPoint {
    private static final int KEY = 0x12ab34cd;

    private ByteBuffer input = BufferUtil.EMPTY_BUFFER;

    /** Returns a number of equal frames, from position to limit. */
    static ByteBuffer frames(int size, int count, boolean masked) {
        int header = FrameHeader.size(size, masked);
        ByteBuffer frames = ByteBuffer.allocateDirect(count * (header + size));
        for (int i = 0; i < count; i++) {
            FrameHeader.write(frames, i * (header + size), FrameHeader.BINARY, size, masked, KEY);
        }
        return frames;
    }

    /** Lets the connection read these bytes, on this thread; they stay as they are. */
    void feed(ByteBuffer bytes) {
        input = bytes.duplicate();
        getFillInterest().fillable();
    }

    /** Whether all that was fed was read. */
    boolean isDrained() {
        return !input.hasRemaining();
    }

    @Override
    public int fill(ByteBuffer buffer) {
        int position = BufferUtil.flipToFill(buffer);
        int count = Math.min(buffer.remaining(), input.remaining());
        buffer.put(buffer.position(), input, input.position(), count);
        buffer.position(buffer.position() + count);
        input.position(input.position() + count);
        BufferUtil.flipToFlush(buffer, position);
        return count;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
            buffer.position(buffer.limit());
        }
        return true;
    }
}
