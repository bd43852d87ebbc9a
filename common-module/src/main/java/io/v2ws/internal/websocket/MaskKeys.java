package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Fresh masking keys for the frames of one client. RFC 6455, 10.3 wants keys that whoever chooses the payload cannot
 * predict, so that nobody can put chosen bytes on the wire; these are plain output of the system's {@link
 * SecureRandom}, taken sixteen at a time because asking for four bytes costs as much as asking for sixty-four. One
 * thread at a time.
 */
final class MaskKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEYS = 16;

    private final ByteBuffer keys = ByteBuffer.allocate(KEYS * Integer.BYTES).limit(0);

    int next() {
        if (!keys.hasRemaining()) {
            RANDOM.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }
}
