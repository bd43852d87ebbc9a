package io.v2ws.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.junit.jupiter.api.Test;

class ReadBuffersTest {
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final AtomicInteger left = new AtomicInteger(2);
    private final ReadBuffers buffers = new ReadBuffers(pool, left);

    @Test
    void aConnectionThatFillsItsBufferGetsALargeOneUntilItReadsLittle() {
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.USUAL);
        buffers.filled(ReadBuffers.USUAL - 1, false);
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.USUAL);
        buffers.filled(ReadBuffers.USUAL, true);
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.LARGE);
        buffers.filled(ReadBuffers.LITTLE + 1, false);
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.LARGE);
        buffers.filled(ReadBuffers.LITTLE, false);
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.USUAL);
        assertThat(pool.getLeaks()).isEmpty();
    }

    @Test
    void whenAllLargeOnesAreHeldTheUsualOnesServe() {
        buffers.filled(ReadBuffers.USUAL, true);
        RetainableByteBuffer first = buffers.acquire();
        RetainableByteBuffer second = buffers.acquire();
        assertThat(first.capacity()).isEqualTo(ReadBuffers.LARGE);
        assertThat(second.capacity()).isEqualTo(ReadBuffers.LARGE);
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.USUAL);
        first.retain();
        first.release();
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.USUAL);
        first.release();
        assertThat(sizeOfNext()).isEqualTo(ReadBuffers.LARGE);
        second.release();
        assertThat(left).hasValue(2);
        assertThat(pool.getLeaks()).isEmpty();
    }

    private int sizeOfNext() {
        RetainableByteBuffer buffer = buffers.acquire();
        try {
            return buffer.capacity();
        } finally {
            buffer.release();
        }
    }
}
