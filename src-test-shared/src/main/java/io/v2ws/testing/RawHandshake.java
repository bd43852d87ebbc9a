package io.v2ws.testing;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The text of a WebSocket upgrade request, right or wrong. A fresh one is a valid {@code GET} with {@code Host},
 * {@code Upgrade}, {@code Connection}, {@code Sec-WebSocket-Key} (random) and {@code Sec-WebSocket-Version: 13}; every
 * method changes this object and returns it. Characters are sent as ISO 8859-1, so every byte can be expressed.
 */
public final class RawHandshake {

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";

    private final String target;
    private final List<String> lines = new ArrayList<>();
    private String method = "GET";
    private String version = "HTTP/1.1";
    private String key;
    private String raw;

    private RawHandshake(String target) {
        this.target = target;
    }

    /**
     * Starts a valid request.
     *
     * @param target the request target, sent as it is
     */
    public static RawHandshake to(String target) {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return new RawHandshake(target)
                .add("Host", "localhost")
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .key(Base64.getEncoder().encodeToString(nonce))
                .add("Sec-WebSocket-Version", "13");
    }

    /**
     * Makes a request of exactly this text.
     *
     * @param text the whole request, line ends and the empty line included
     */
    public static RawHandshake raw(String text) {
        RawHandshake handshake = new RawHandshake("");
        handshake.raw = text;
        return handshake;
    }

    /** Returns the {@code Sec-WebSocket-Accept} value that answers a key (RFC 6455 section 4.2.2). */
    public static String acceptFor(String key) {
        byte[] text = (key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1);
        return Base64.getEncoder().encodeToString(Bytes.digest("SHA-1").digest(text));
    }

    /** Sets a fresh key that announces half-close (F9): eight bytes, and as many of a digest of them. */
    public RawHandshake halfCloseKey() {
        byte[] nonce = new byte[8];
        new SecureRandom().nextBytes(nonce);
        return key(Base64.getEncoder().encodeToString(Bytes.concat(nonce, halfCloseMark(nonce))));
    }

    /** Returns whether a key announces half-close, see {@link #halfCloseKey()}. */
    public static boolean announcesHalfClose(String key) {
        byte[] bytes = Base64.getDecoder().decode(key);
        byte[] nonce = Arrays.copyOf(bytes, 8);
        return Arrays.equals(bytes, Bytes.concat(nonce, halfCloseMark(nonce)));
    }

    /** Sets a fresh key of a v2ws client that has half-close switched off (S19). */
    public RawHandshake keyWithoutHalfClose() {
        byte[] nonce = new byte[8];
        new SecureRandom().nextBytes(nonce);
        return key(Base64.getEncoder().encodeToString(Bytes.concat(nonce, mark(nonce, "v2ws no half-close"))));
    }

    /**
     * Returns what a v2ws server tells about early data in {@code X-Request-Id} (S19).
     *
     * @param place 0 nowhere, 1 in the path, 2 in Sec-WebSocket-Protocol, 3 in another header
     * @param taken the early data
     */
    public static String earlyDataReceipt(String key, int place, byte[] taken) {
        byte[] text = Bytes.utf8(key + "v2ws early data");
        byte[] mark = Bytes.digest("SHA-256").digest(text);
        byte[] whole = Bytes.digest("SHA-256").digest(Bytes.concat(text, taken));
        byte[] value = Bytes.concat(
                Arrays.copyOf(mark, 8), new byte[] {(byte) (mark[8] ^ place)}, Arrays.copyOfRange(whole, 9, 16));
        return HexFormat.of().formatHex(value);
    }

    private static byte[] halfCloseMark(byte[] nonce) {
        return mark(nonce, "v2ws half-close");
    }

    private static byte[] mark(byte[] nonce, String what) {
        byte[] text = Bytes.utf8(what);
        return Arrays.copyOf(Bytes.digest("SHA-256").digest(Bytes.concat(nonce, text)), 8);
    }

    /** Sets the method. */
    public RawHandshake method(String newMethod) {
        this.method = newMethod;
        return this;
    }

    /** Sets the HTTP version, {@code HTTP/1.1} at first. */
    public RawHandshake version(String newVersion) {
        this.version = newVersion;
        return this;
    }

    /** Sets the {@code Sec-WebSocket-Key}. */
    public RawHandshake key(String newKey) {
        this.key = newKey;
        return set(KEY_HEADER, newKey);
    }

    /** Adds a header, keeping others of the same name. */
    public RawHandshake add(String name, String value) {
        return line(name + ": " + value);
    }

    /** Sets a header in the place of any others of the same name. */
    public RawHandshake set(String name, String value) {
        return without(name).add(name, value);
    }

    /** Leaves out a header. */
    public RawHandshake without(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        lines.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith(start));
        return this;
    }

    /** Adds a header line as it is; CR LF is put behind it. */
    public RawHandshake line(String line) {
        lines.add(line);
        return this;
    }

    /** Returns the key, null if the request was made by {@link #raw(String)}. */
    public String key() {
        return key;
    }

    /** Returns the text of the request. */
    public String text() {
        if (raw != null) {
            return raw;
        }
        StringBuilder text = new StringBuilder(method + " " + target + " " + version + "\r\n");
        lines.forEach(line -> text.append(line).append("\r\n"));
        return text.append("\r\n").toString();
    }

    /** Returns the bytes of the request. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.ISO_8859_1);
    }
}
