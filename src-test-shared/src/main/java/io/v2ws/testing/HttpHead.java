package io.v2ws.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Start line and header fields of an HTTP message. Lines must end in CR LF. */
record HttpHead(String startLine, Map<String, List<String>> headers, String text) {

    /** More than any test sends, so that a peer that never ends its head is noticed. */
    private static final int LIMIT = 4 << 20;

    /** Reads up to and including the empty line; null if the stream ended before the first byte. */
    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                if (bytes.size() == 0) {
                    return null;
                }
                throw new EOFException("end inside an HTTP head: " + bytes.toString(StandardCharsets.ISO_8859_1));
            }
            bytes.write(next);
            if (bytes.size() > LIMIT) {
                throw new IOException("HTTP head of over " + LIMIT + " bytes");
            }
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return parse(bytes.toString(StandardCharsets.ISO_8859_1));
    }

    private static HttpHead parse(String text) {
        String[] lines = text.split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? lines[i] : lines[i].substring(0, colon);
            String value = colon < 0 ? "" : lines[i].substring(colon + 1).strip();
            headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        return new HttpHead(lines[0], headers, text);
    }

    /** Splits the start line into its three parts; a missing one is empty. */
    String[] startLineParts() {
        String[] parts = startLine.split(" ", 3);
        return new String[] {parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : ""};
    }

    static String first(Map<String, List<String>> headers, String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }
}
