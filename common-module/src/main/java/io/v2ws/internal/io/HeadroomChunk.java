package io.v2ws.internal.io;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * A chunk read behind {@value #HEADROOM} bytes of room, so that a frame header can be put in front of it: then
 * header and payload go out as one buffer, without a copy.
 */
public final class HeadroomChunk extends RetainableByteBuffer.Wrapper implements Content.Chunk {
    /** Room for the longest header of a frame (RFC 6455, 5.2): 2 bytes, 8 of length, 4 of mask. */
    public static final int HEADROOM = 14;

    /** Takes over a buffer whose content begins at {@value #HEADROOM} or later. */
    public HeadroomChunk(RetainableByteBuffer buffer) {
        super(buffer);
    }

    @Override
    public boolean isLast() {
        return false;
    }
}
