package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.Retainable;
import org.eclipse.jetty.io.RetainableByteBuffer;

/** Payload where it lies in the network buffer, which it holds; without a counter of its own, unlike Jetty's. */
final class PayloadChunk extends RetainableByteBuffer.FixedCapacity implements Content.Chunk {

    /**
     * Makes the chunk.
     *
     * @param network retained for this chunk, which releases it
     */
    PayloadChunk(ByteBuffer payload, Retainable network) {
        super(payload, network);
    }

    @Override
    public boolean isLast() {
        return false;
    }
}
