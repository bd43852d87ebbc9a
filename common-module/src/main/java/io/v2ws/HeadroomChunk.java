package io.v2ws;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * A chunk read behind {@link FrameHeader#MAX_SIZE} bytes of room, so that a frame header can be put in front of it: then
 * header and payload go out as one buffer, without a copy.
 */
final class HeadroomChunk extends RetainableByteBuffer.Wrapper implements Content.Chunk {

    /** Takes over a buffer whose content begins at {@link FrameHeader#MAX_SIZE} or later. */
    HeadroomChunk(RetainableByteBuffer buffer) {
        super(buffer);
    }

    @Override
    public boolean isLast() {
        return false;
    }
}
