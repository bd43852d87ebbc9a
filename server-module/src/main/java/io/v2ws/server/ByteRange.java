package io.v2ws.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a file that a response has.
 *
 * @param first the position of the first byte
 * @param length the number of bytes
 */
record ByteRange(long first, long length) {
    /** Up to 18 digits fit into a long. */
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /**
     * Returns the range that a request asks for.
     *
     * @param header the value of {@code Range}; null for none
     * @param size of the file
     * @return the whole file if the header is none of one range, which RFC 9110, 14.2 allows; null if the file has no
     *     such bytes
     */
    static ByteRange of(String header, long size) {
        Matcher range = ONE_RANGE.matcher(header == null ? "" : header.replace(" ", ""));
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return new ByteRange(0, size);
        }
        if (range.group(1).isEmpty()) {
            long length = Math.min(Long.parseLong(range.group(2)), size);
            return length == 0 ? null : new ByteRange(size - length, length);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(range.group(2)), size - 1);
        if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
            return new ByteRange(0, size);
        }
        return first >= size ? null : new ByteRange(first, last - first + 1);
    }

    /** Returns the value of {@code Content-Range}. */
    String contentRange(long size) {
        return "bytes " + first + '-' + (first + length - 1) + '/' + size;
    }
}
