package io.v2ws.system;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/**
 * A lot of random bytes, made once for all tests.
 *
 * @param bytes the bytes
 * @param sha256 their digest
 */
record Bulk(byte[] bytes, String sha256) {
    static final Bulk UP = of(1);
    static final Bulk DOWN = of(2);

    private static Bulk of(long seed) {
        byte[] bytes = Bytes.random(seed, 100 << 20);
        return new Bulk(bytes, Bytes.sha256(bytes));
    }

    /** Sends all of it while receiving as much, and returns the digest of what was received. */
    String exchange(Socket socket) throws IOException {
        CompletableFuture<Void> sent =
                Background.run(() -> socket.getOutputStream().write(bytes));
        String received = receive(socket.getInputStream());
        sent.join();
        return received;
    }

    private String receive(InputStream in) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[65_536];
        for (int missing = bytes.length; missing > 0; ) {
            int count = in.read(buffer, 0, Math.min(buffer.length, missing));
            if (count < 0) {
                throw new EOFException(missing + " of " + bytes.length + " bytes are missing");
            }
            digest.update(buffer, 0, count);
            missing -= count;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException x) {
            throw new IllegalStateException(x);
        }
    }
}
