package io.v2ws.server;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;

/** Half-close (F9) spoken by hand. */
final class RawHalfClose {
    private RawHalfClose() {}

    /** Reads one empty text message. */
    static void expectEmptyText(RawWebSocketPeer peer) throws IOException {
        RawFrame frame = peer.expectFrame(FrameBytes.TEXT);
        if (!frame.fin() || frame.payload().length > 0) {
            throw new AssertionError("Expected an empty text message but was " + frame);
        }
    }
}
