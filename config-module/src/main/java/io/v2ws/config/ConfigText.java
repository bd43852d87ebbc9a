package io.v2ws.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a configuration file: bounded, UTF-8, without a byte order mark. */
final class ConfigText {
    /** The longest file, in bytes. */
    static final int MAX_BYTES = 10_000_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ConfigText() {}

    static String read(Path path) throws ConfigException {
        String file = path.toString();
        byte[] bytes;
        // The size is not asked for beforehand: a pipe has none, and a growing file another.
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ConfigException(file, "expected a readable file, got: " + reason(path, e), e);
        }
        return decode(file, bytes);
    }

    static void requireSize(String file, long length) throws ConfigException {
        if (length > MAX_BYTES) {
            throw new ConfigException(file, "expected at most 10 MB, got more", null);
        }
    }

    static String withoutByteOrderMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** Returns the text of bytes, of which there may be one too many to show that there were more. */
    static String decode(String file, byte[] bytes) throws ConfigException {
        requireSize(file, bytes.length);
        // UTF-8 never needs more UTF-16 units than bytes.
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = withoutByteOrderMark(chars.flip().toString());
        if (result.isError()) {
            throw new ConfigException(
                    file, Location.behind(text), "", "expected UTF-8 text, got " + otherEncoding(bytes), null);
        }
        return text;
    }

    private static String otherEncoding(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes.length > 1 ? bytes[1] & 0xff : 0;
        boolean utf16 = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
        return utf16 ? "UTF-16" : "bytes of another encoding";
    }

    private static String reason(Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (Files.isDirectory(path)) {
            return "a directory";
        }
        boolean named = e instanceof FileSystemException f && f.getReason() != null;
        return named ? ((FileSystemException) e).getReason() : String.valueOf(e.getMessage());
    }
}
