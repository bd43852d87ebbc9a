package io.v2ws.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Encodes one WebSocket frame, legal or not (RFC 6455 section 5.2). A fresh one is final, unmasked, without reserved
 * bits and with the shortest correct length; every method changes this object and returns it.
 */
public final class FrameBytes {

    /** Opcode of a continuation frame. */
    public static final int CONTINUATION = 0x0;
    /** Opcode of a text frame. */
    public static final int TEXT = 0x1;
    /** Opcode of a binary frame. */
    public static final int BINARY = 0x2;
    /** Opcode of a Close frame. */
    public static final int CLOSE = 0x8;
    /** Opcode of a ping. */
    public static final int PING = 0x9;
    /** Opcode of a pong. */
    public static final int PONG = 0xA;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final int opcode;
    private final byte[] payload;
    private boolean fin = true;
    private int rsv;
    private byte[] maskKey;
    private long declaredLength;
    private int lengthBits;
    private boolean headerOnly;

    private FrameBytes(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.payload = payload;
        this.declaredLength = payload.length;
    }

    /**
     * Starts a frame.
     *
     * @param opcode 0 to 15, reserved ones included
     * @param payload the payload before masking
     */
    public static FrameBytes of(int opcode, byte... payload) {
        return new FrameBytes(opcode, payload);
    }

    /** Starts a binary frame. */
    public static FrameBytes binary(byte... payload) {
        return of(BINARY, payload);
    }

    /** Starts a text frame. */
    public static FrameBytes text(String text) {
        return of(TEXT, Bytes.utf8(text));
    }

    /** Starts a Close frame; neither code nor reason need be legal. */
    public static FrameBytes close(int code, String reason) {
        byte[] codeBytes = {(byte) (code >> 8), (byte) code};
        return of(CLOSE, Bytes.concat(codeBytes, Bytes.utf8(reason)));
    }

    /** Sets the FIN bit. */
    public FrameBytes fin(boolean isFinal) {
        this.fin = isFinal;
        return this;
    }

    /**
     * Sets the reserved bits.
     *
     * @param bits 4 for RSV1, 2 for RSV2, 1 for RSV3, or a sum of these
     */
    public FrameBytes rsv(int bits) {
        this.rsv = bits;
        return this;
    }

    /** Masks with a random key. */
    public FrameBytes masked() {
        byte[] key = new byte[4];
        RANDOM.nextBytes(key);
        return masked(key);
    }

    /** Masks with the given four bytes. */
    public FrameBytes masked(byte... key) {
        this.maskKey = key.clone();
        return this;
    }

    /** Removes the mask. */
    public FrameBytes unmasked() {
        this.maskKey = null;
        return this;
    }

    /**
     * Announces a length other than that of the payload.
     *
     * @param length the announced length; a negative one has the forbidden top bit set
     */
    public FrameBytes declaredLength(long length) {
        this.declaredLength = length;
        return this;
    }

    /**
     * Forces the width of the length field, longer than needed or not.
     *
     * @param bits 7, 16 or 64
     */
    public FrameBytes lengthBits(int bits) {
        if (bits != 7 && bits != 16 && bits != 64) {
            throw new IllegalArgumentException("length field of " + bits + " bits");
        }
        this.lengthBits = bits;
        return this;
    }

    /** Leaves out the payload, not its announced length. */
    public FrameBytes headerOnly() {
        this.headerOnly = true;
        return this;
    }

    /** Returns the encoded frame. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write((fin ? 0x80 : 0) | rsv << 4 | opcode);
        writeLength(out);
        if (maskKey != null) {
            out.writeBytes(maskKey);
        }
        if (!headerOnly) {
            out.writeBytes(maskKey == null ? payload : mask(payload, maskKey));
        }
        return out.toByteArray();
    }

    private void writeLength(ByteArrayOutputStream out) {
        int maskBit = maskKey == null ? 0 : 0x80;
        int bits = lengthBits == 0 ? shortestLengthBits(declaredLength) : lengthBits;
        switch (bits) {
            case 7 -> out.write(maskBit | (int) (declaredLength & 0x7f));
            case 16 -> {
                out.write(maskBit | 126);
                out.writeBytes(
                        ByteBuffer.allocate(2).putShort((short) declaredLength).array());
            }
            default -> {
                out.write(maskBit | 127);
                out.writeBytes(ByteBuffer.allocate(8).putLong(declaredLength).array());
            }
        }
    }

    private static int shortestLengthBits(long length) {
        if (length < 0 || length > 65_535) {
            return 64;
        }
        return length > 125 ? 16 : 7;
    }

    /** Masks, or unmasks: it is the same. */
    public static byte[] mask(byte[] bytes, byte[] key) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = (byte) (bytes[i] ^ key[i & 3]);
        }
        return result;
    }
}
