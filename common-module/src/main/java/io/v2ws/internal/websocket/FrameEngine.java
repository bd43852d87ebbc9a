package io.v2ws.internal.websocket;

import io.v2ws.internal.io.ReadBuffers;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;

/**
 * What does the framing below a {@link FramedStream}: sends frames, reads one frame (or a part of it) per
 * {@link #demand}, and knows nothing of streams. Sends may be called from any thread and are queued in order; callbacks
 * come from any thread.
 */
interface FrameEngine {

    /** The most bytes of one message sent: with the longest header in front they fill a pooled buffer. */
    int MAX_PAYLOAD = ReadBuffers.USUAL - FrameHeader.MAX_SIZE;

    /**
     * The most bytes of one message sent.
     *
     * @param headroom see {@link #sendBinary}
     */
    default int maxPayload(boolean headroom) {
        return MAX_PAYLOAD;
    }

    /** Asks for more data, or one more frame of another kind; at most one demand may be outstanding. */
    void demand();

    /**
     * Sends one binary message of 1 to {@link #maxPayload} bytes, the next when the callback came; the buffer is the
     * engine's until then.
     *
     * @param headroom whether the engine may write into the {@link FrameHeader#MAX_SIZE} bytes in front of the payload
     *     and change the payload itself
     */
    void sendBinary(ByteBuffer payload, boolean headroom, Callback callback);

    /** Sends one empty text message. */
    void sendEmptyText(Callback callback);

    /** Sends a ping, ahead of queued data. */
    void sendPing(ByteBuffer payload, Callback callback);

    /** Sends a pong, ahead of queued data. */
    void sendPong(ByteBuffer payload, Callback callback);

    /**
     * Sends a Close frame, the last frame of all: behind the piece of data that was handed over last, if that has begun
     * to go out, else instead of it.
     */
    void sendClose(int code, Callback callback);

    /**
     * Ends the connection behind what was sent: a FIN, and what still comes is dropped, so that nothing on its way to
     * the peer is destroyed. The stream hears of the end at once.
     */
    void finish();

    /** Cuts the connection with a reset, where the engine can: the peer must not take what it has got for the whole. */
    void reset();

    /**
     * Whether this engine tells a reset from the end of the peer's output, and reads on where a write has met the
     * reset.
     */
    default boolean tellsResets() {
        return true;
    }

    /** Whether the network has the beginning of a frame and not yet its end; false where that is not known. */
    default boolean isInsideFrame() {
        return false;
    }

    /**
     * Offers the network once more what waits to be written, where the engine can: the network may take some of it long
     * before it reports that it can be written to. Callbacks of writes may come from within this call.
     */
    default void writeAgain() {}

    /** How many bytes the network has taken so far, in any encoding; zero where that is not known. */
    default long bytesFlushed() {
        return 0;
    }

    /** This end's socket address, or null. */
    SocketAddress localAddress();

    /** The peer's socket address, or null. */
    SocketAddress remoteAddress();
}
