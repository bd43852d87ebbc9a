package io.v2ws.testing;

import java.io.InputStream;
import java.util.Random;

/** The bytes of {@link Bytes#random(long, int)}, made while they are read. */
final class RandomInputStream extends InputStream {

    /** A multiple of four: {@link Random#nextBytes} takes four bytes of each number and throws a rest away. */
    private static final int BLOCK = 8192;

    private final Random random;
    private final byte[] block = new byte[BLOCK];
    private int position = BLOCK;
    private long remaining;

    RandomInputStream(long seed, long length) {
        this.random = new Random(seed);
        this.remaining = length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        if (position == BLOCK) {
            random.nextBytes(block);
            position = 0;
        }
        int count = (int) Math.min(remaining, Math.min(length, BLOCK - position));
        System.arraycopy(block, position, target, offset, count);
        position += count;
        remaining -= count;
        return count;
    }
}
