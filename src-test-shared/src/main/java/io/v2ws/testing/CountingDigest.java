package io.v2ws.testing;

import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 and number of the bytes of a stream. */
final class CountingDigest {
    private final MessageDigest digest = Bytes.digest("SHA-256");
    private long count;

    void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        count += length;
    }

    long count() {
        return count;
    }

    /** In hexadecimal digits; may be asked for once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
