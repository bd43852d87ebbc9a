package io.v2ws.conformance;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.KernelBuffers;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.util.Arrays;

/**
 * How frames are cut into TCP writes, none of which waits for another: a network may join them again, and the far end
 * must not care. Where exactly this end cuts is for {@link KernelBuffers} to make sure of.
 */
public enum Chop {
    /** All of it in one write. */
    IN_ONE_WRITE,
    /** Each frame in a write of its own. */
    FRAME_BY_FRAME,
    /** Each octet in a write of its own. */
    OCTET_BY_OCTET;

    /** Sends frames; what is left where the far end cuts the connection is not sent. */
    public void send(RawWebSocketPeer peer, FrameBytes... frames) {
        byte[][] encoded = Arrays.stream(frames).map(FrameBytes::bytes).toArray(byte[][]::new);
        try {
            switch (this) {
                case IN_ONE_WRITE -> peer.send(encoded);
                case FRAME_BY_FRAME -> {
                    for (byte[] frame : encoded) {
                        peer.send(frame);
                    }
                }
                case OCTET_BY_OCTET -> sendInPieces(peer, 1, Bytes.concat(encoded));
            }
        } catch (IOException cut) {
            // What the test expects of the stream will tell whether it should have been.
        }
    }

    /** Sends bytes in pieces of the given size, as fast as they go. */
    public static void sendInPieces(RawWebSocketPeer peer, int size, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += size) {
            peer.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
    }
}
