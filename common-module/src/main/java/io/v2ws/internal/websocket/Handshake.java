package io.v2ws.internal.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The two values that tie the answer of a WebSocket handshake to its request (RFC 6455, 1.3 and 4.1), and what a key
 * tells a v2ws server: that the client is v2ws (S19), and whether the client understands half-close (F9). The second
 * half of such a key is a digest of its first half, which is random. Other servers see 16 bytes without a meaning.
 */
public final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 8;
    private static final byte[] HALF_CLOSE = "v2ws half-close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_HALF_CLOSE = "v2ws no half-close".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    /**
     * Returns a fresh value for {@code Sec-WebSocket-Key}.
     *
     * @param halfClose whether it announces half-close
     */
    public static String newKey(boolean halfClose) {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        System.arraycopy(
                mark(key, halfClose ? HALF_CLOSE : NO_HALF_CLOSE), 0, key, NONCE_BYTES, KEY_BYTES - NONCE_BYTES);
        return Base64.getEncoder().encodeToString(key);
    }

    /**
     * Returns whether a {@code Sec-WebSocket-Key} announces half-close.
     *
     * @param key anything; what is no key announces nothing
     */
    public static boolean announcesHalfClose(String key) {
        return hasMark(key, HALF_CLOSE);
    }

    /**
     * Returns whether a {@code Sec-WebSocket-Key} is that of a v2ws client, with half-close or without.
     *
     * @param key anything
     */
    public static boolean isKeyOfV2ws(String key) {
        return hasMark(key, HALF_CLOSE) || hasMark(key, NO_HALF_CLOSE);
    }

    private static boolean hasMark(String key, byte[] text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            return bytes.length == KEY_BYTES
                    && Arrays.equals(bytes, NONCE_BYTES, KEY_BYTES, mark(bytes, text), 0, KEY_BYTES - NONCE_BYTES);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static byte[] mark(byte[] key, byte[] text) {
        MessageDigest sha256 = digest("SHA-256");
        sha256.update(key, 0, NONCE_BYTES);
        return sha256.digest(text);
    }

    /** Returns the {@code Sec-WebSocket-Accept} that answers a key. */
    public static String acceptFor(String key) {
        return Base64.getEncoder()
                .encodeToString(digest("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
