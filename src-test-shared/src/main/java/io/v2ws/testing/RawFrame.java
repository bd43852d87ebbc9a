package io.v2ws.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A WebSocket frame as it was read.
 *
 * @param fin the FIN bit
 * @param rsv the reserved bits: 4 is RSV1, 2 is RSV2, 1 is RSV3
 * @param opcode the opcode, see the constants of {@link FrameBytes}
 * @param masked the mask bit
 * @param maskKey the four bytes of the mask key, empty when not masked
 * @param payload the payload after unmasking
 */
public record RawFrame(boolean fin, int rsv, int opcode, boolean masked, byte[] maskKey, byte[] payload) {

    /** What {@link #closeCode()} returns for a Close frame without a code. */
    public static final int NO_CODE = 1005;

    /**
     * Returns the code of a Close frame, {@link #NO_CODE} if it has none.
     *
     * @throws AssertionError if this is no Close frame, or one with a body of one byte
     */
    public int closeCode() {
        if (opcode != FrameBytes.CLOSE || payload.length == 1) {
            throw new AssertionError("Expected a Close frame but was " + this);
        }
        return payload.length == 0 ? NO_CODE : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    /**
     * Returns the reason text of a Close frame, empty if it has none.
     *
     * @throws AssertionError as {@link #closeCode()}
     */
    public String closeReason() {
        return closeCode() == NO_CODE && payload.length == 0
                ? ""
                : Bytes.utf8(Arrays.copyOfRange(payload, 2, payload.length));
    }

    /** Returns the payload as UTF-8 text. */
    public String text() {
        return Bytes.utf8(payload);
    }

    /** Describes the frame in one line; a long payload is shortened. */
    @Override
    public String toString() {
        String start = Bytes.utf8(Arrays.copyOf(payload, Math.min(payload.length, 60)));
        return "frame[" + name() + (fin ? " fin" : "") + (rsv == 0 ? "" : " rsv=" + rsv) + (masked ? " masked" : "")
                + " length=" + payload.length + (isClose() ? " code=" + closeCode() : "") + " \"" + start + "\"]";
    }

    private boolean isClose() {
        return opcode == FrameBytes.CLOSE && payload.length != 1;
    }

    private String name() {
        return switch (opcode) {
            case FrameBytes.CONTINUATION -> "continuation";
            case FrameBytes.TEXT -> "text";
            case FrameBytes.BINARY -> "binary";
            case FrameBytes.CLOSE -> "close";
            case FrameBytes.PING -> "ping";
            case FrameBytes.PONG -> "pong";
            default -> "opcode " + opcode;
        };
    }

    /**
     * Reads one frame.
     *
     * @return null if the stream ended before the first byte
     * @throws EOFException if the stream ended inside the frame
     */
    public static RawFrame read(InputStream stream) throws IOException {
        int first = stream.read();
        if (first < 0) {
            return null;
        }
        DataInputStream in = new DataInputStream(stream);
        int second = in.readUnsignedByte();
        boolean masked = (second & 0x80) != 0;
        long length = readLength(in, second & 0x7f);
        byte[] key = new byte[masked ? 4 : 0];
        in.readFully(key);
        byte[] payload = readPayload(in, length);
        return new RawFrame(
                (first & 0x80) != 0,
                first >> 4 & 7,
                first & 15,
                masked,
                key,
                masked ? FrameBytes.mask(payload, key) : payload);
    }

    private static long readLength(DataInputStream in, int shortLength) throws IOException {
        return switch (shortLength) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> shortLength;
        };
    }

    private static byte[] readPayload(DataInputStream in, long length) throws IOException {
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw new IOException("frame of " + Long.toUnsignedString(length) + " bytes");
        }
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException("end inside a frame: " + payload.length + " of " + length + " bytes");
        }
        return payload;
    }
}
