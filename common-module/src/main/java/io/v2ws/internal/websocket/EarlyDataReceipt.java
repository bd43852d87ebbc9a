package io.v2ws.internal.websocket;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a v2ws server tells a v2ws client about early data, in a header of the 101 (S19): where the server reads early
 * data, and which bytes it took. The value depends on the key of the request and looks like any request id; only who
 * knows how it is made can tell it from one.
 *
 * <p>The value is 16 bytes in hexadecimal. The first eight are of SHA-256(key, "v2ws early data"), the ninth is the
 * place, XORed with the next byte of that digest, and the last seven are of SHA-256(key, "v2ws early data", the bytes
 * taken).
 *
 * @param place where the server reads early data
 */
public record EarlyDataReceipt(Place place, String value) {
    /** The header of the response. */
    public static final String HEADER = "X-Request-Id";

    private static final byte[] MARK = "v2ws early data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final int MARK_BYTES = 8;
    private static final int BYTES = 16;

    /** Where a server reads early data. The order is part of the wire format. */
    public enum Place {
        /** Nowhere. */
        NONE,
        /** Behind the path. */
        PATH,
        /** In {@code Sec-WebSocket-Protocol}. */
        SUBPROTOCOL,
        /** In another header. */
        OTHER_HEADER;

        /** Returns the place that the options of a server say. */
        static Place of(WebSocketTransportOptions options) {
            if (options.isEarlyDataInSubprotocol()) {
                return SUBPROTOCOL;
            }
            EarlyDataMode mode = options.earlyDataMode();
            return mode == EarlyDataMode.PATH ? PATH : mode == EarlyDataMode.HEADER ? OTHER_HEADER : NONE;
        }
    }

    /**
     * Makes the receipt of a server.
     *
     * @param key {@code Sec-WebSocket-Key} of the request
     * @param taken the early data that the server passes on, perhaps none
     */
    public static EarlyDataReceipt of(WebSocketTransportOptions options, String key, byte[] taken) {
        return of(Place.of(options), key, taken);
    }

    private static EarlyDataReceipt of(Place place, String key, byte[] taken) {
        byte[] mark = digest(key, NOTHING);
        // Most tunnels have no early data, and the digest is a part of what it costs to open one.
        byte[] bytes = taken.length == 0 ? mark : digest(key, taken);
        byte[] value = Arrays.copyOf(mark, BYTES);
        value[MARK_BYTES] ^= (byte) place.ordinal();
        System.arraycopy(bytes, MARK_BYTES + 1, value, MARK_BYTES + 1, BYTES - MARK_BYTES - 1);
        return new EarlyDataReceipt(place, HexFormat.of().formatHex(value));
    }

    /**
     * Reads a value of the header.
     *
     * @param value anything
     * @return null if it is no receipt for this key
     */
    public static EarlyDataReceipt read(String value, String key) {
        byte[] mark = digest(key, NOTHING);
        try {
            byte[] bytes = HexFormat.of().parseHex(value);
            if (bytes.length == BYTES && Arrays.equals(bytes, 0, MARK_BYTES, mark, 0, MARK_BYTES)) {
                int place = (bytes[MARK_BYTES] ^ mark[MARK_BYTES]) & 0xff;
                return place < Place.values().length ? new EarlyDataReceipt(Place.values()[place], value) : null;
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // An id of somebody else.
        }
        return null;
    }

    /** Returns whether this is the receipt for these bytes. */
    public boolean isFor(String key, byte[] sent) {
        return equals(of(place, key, sent));
    }

    private static byte[] digest(String key, byte[] bytes) {
        MessageDigest sha256 = Handshake.digest("SHA-256");
        sha256.update(key.getBytes(StandardCharsets.ISO_8859_1));
        sha256.update(MARK);
        return sha256.digest(bytes);
    }
}
