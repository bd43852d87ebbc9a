package io.v2ws.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * The head of an HTTP request as it was received.
 *
 * @param method the method
 * @param target the request target, undecoded
 * @param headers the header fields; names are looked up in any case
 * @param head the whole text, with line ends
 */
public record RawRequest(String method, String target, Map<String, List<String>> headers, String head) {

    /** Returns the first value of a header, null if there is none. */
    public String header(String name) {
        return HttpHead.first(headers, name);
    }

    /** Returns all values of a header in their order, empty if there is none. */
    public List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Reads a request; null if the stream ended before it. */
    static RawRequest read(InputStream in) throws IOException {
        HttpHead head = HttpHead.read(in);
        if (head == null) {
            return null;
        }
        String[] parts = head.startLineParts();
        return new RawRequest(parts[0], parts[1], head.headers(), head.text());
    }
}
