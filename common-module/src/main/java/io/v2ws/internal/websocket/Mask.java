package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The masking of RFC 6455, 5.3: its own inverse. Eight bytes at a time, in a loop that HotSpot vectorizes. */
public final class Mask {
    private Mask() {}

    /**
     * Masks or unmasks in place.
     *
     * @param buffer not read-only; position, limit and order stay as they are
     * @param from index of the first byte
     * @param to index behind the last byte
     * @param key the masking key, its first octet in the highest byte
     * @param offset how many bytes of the payload came before {@code from}; only its last two bits matter
     */
    public static void apply(ByteBuffer buffer, int from, int to, int key, long offset) {
        int turned = Integer.rotateLeft(key, (int) (offset & 3) * Byte.SIZE);
        long wide = (long) turned << Integer.SIZE | turned & 0xffff_ffffL;
        int words = (to - from) >>> 3;
        if (words > 0) {
            long ordered = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? wide : Long.reverseBytes(wide);
            LongBuffer longs = buffer.slice(from, words << 3)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
            for (int i = 0; i < words; i++) {
                longs.put(i, longs.get(i) ^ ordered);
            }
        }
        for (int i = from + (words << 3); i < to; i++) {
            buffer.put(i, (byte) (buffer.get(i) ^ turned >>> (3 - ((i - from) & 3)) * Byte.SIZE));
        }
    }
}
