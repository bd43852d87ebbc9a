package io.v2ws.internal.websocket;

import io.v2ws.internal.io.HeadroomChunk;
import java.nio.ByteBuffer;

/** The frame header of RFC 6455, 5.2: its layout, and writing it. {@link FrameParser} reads it. */
public final class FrameHeader {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    public static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int RSV = 0x70;
    static final int OPCODE = 0x0f;
    static final int MASKED = 0x80;
    static final int LENGTH = 0x7f;

    /** Values of the seven-bit length that announce a longer one. */
    static final int LENGTH_16 = 126;

    static final int LENGTH_64 = 127;

    /** The most a control frame may carry. */
    static final int MAX_CONTROL = 125;

    /** The longest header: two octets, a 64-bit length, a masking key. */
    public static final int MAX_SIZE = HeadroomChunk.HEADROOM;

    private FrameHeader() {}

    /** How long the header of a whole message is. */
    public static int size(int payload, boolean masked) {
        return 2 + (payload < LENGTH_16 ? 0 : payload <= 0xffff ? 2 : 8) + (masked ? 4 : 0);
    }

    /**
     * Writes the header of a whole message.
     *
     * @param at where it begins; {@link #size} bytes from there on are written, position and limit stay
     * @param key the masking key, used if {@code masked}
     */
    public static void write(ByteBuffer buffer, int at, int opcode, int payload, boolean masked, int key) {
        int index = at;
        int mask = masked ? MASKED : 0;
        buffer.put(index++, (byte) (FIN | opcode));
        if (payload < LENGTH_16) {
            buffer.put(index++, (byte) (mask | payload));
        } else if (payload <= 0xffff) {
            buffer.put(index++, (byte) (mask | LENGTH_16));
            buffer.putShort(index, (short) payload);
            index += 2;
        } else {
            buffer.put(index++, (byte) (mask | LENGTH_64));
            buffer.putLong(index, payload);
            index += 8;
        }
        if (masked) {
            buffer.putInt(index, key);
        }
    }
}
