package io.v2ws.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Test data: reproducible random bytes, and digests to compare long streams by. */
public final class Bytes {

    private Bytes() {}

    /**
     * Returns random bytes that are the same for the same seed. A shorter array is the beginning of a longer one.
     *
     * @param seed the seed
     * @param length the number of bytes
     */
    public static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /**
     * Returns the same bytes as {@link #random(long, int)} as a stream, without holding them in memory.
     *
     * @param seed the seed
     * @param length the number of bytes until the stream ends
     */
    public static InputStream randomStream(long seed, long length) {
        return new RandomInputStream(seed, length);
    }

    /** Returns the UTF-8 bytes of a text. */
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the text of UTF-8 bytes. */
    public static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Joins arrays into one. */
    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Returns the SHA-256 digest in lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
    }

    /**
     * Reads a stream to its end and returns the SHA-256 digest in lower-case hexadecimal digits.
     *
     * @throws IOException if reading fails
     */
    public static String sha256(InputStream stream) throws IOException {
        MessageDigest digest = digest("SHA-256");
        byte[] buffer = new byte[65_536];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
