package io.v2ws.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Pseudo-random bytes that both ends can generate: equal seeds give equal streams, and no part of a stream repeats. */
final class SeededStream extends InputStream {
    static final int CHUNK = 64 * 1024;

    private final SplittableRandom random;
    private final byte[] block = new byte[CHUNK];
    private int position = CHUNK;
    private long left;

    /** Makes the stream; the bytes do not depend on the length. */
    SeededStream(long seed, long length) {
        this.random = new SplittableRandom(seed);
        this.left = length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        if (position == CHUNK) {
            random.nextBytes(block);
            position = 0;
        }
        int count = (int) Math.min(Math.min(length, CHUNK - position), left);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        left -= count;
        return count;
    }

    /**
     * Compares what arrived with the next bytes of the stream.
     *
     * @return the index of the first difference, -1 for none
     */
    int mismatch(byte[] arrived, int length) {
        for (int done = 0; done < length; ) {
            byte[] expected = new byte[Math.min(length - done, CHUNK)];
            int count = read(expected, 0, expected.length);
            int at = count < 0 ? 0 : Arrays.mismatch(arrived, done, done + count, expected, 0, count);
            if (at >= 0) {
                return done + at;
            }
            done += count;
        }
        return -1;
    }

    /** Returns the SHA-256 of the rest of a stream. */
    static String sha256(InputStream stream) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
            digest.update(chunk, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the SHA-256 of the next bytes of a stream that may continue after them. */
    static byte[] sha256(InputStream stream, long length) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        for (long left = length; left > 0; ) {
            int count = stream.read(chunk, 0, (int) Math.min(left, CHUNK));
            if (count < 0) {
                throw new IOException("the end came " + left + " bytes early");
            }
            digest.update(chunk, 0, count);
            left -= count;
        }
        return digest.digest();
    }

    /** Writes a stream out in large pieces. */
    static void copy(InputStream stream, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
            out.write(chunk, 0, count);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException x) {
            throw new IllegalStateException("every JDK has SHA-256", x);
        }
    }
}
