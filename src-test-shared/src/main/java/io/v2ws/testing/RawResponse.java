package io.v2ws.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * The head of an HTTP response as it was received.
 *
 * @param status the status code
 * @param reason the reason phrase, possibly empty
 * @param headers the header fields; names are looked up in any case
 * @param head the whole text, with line ends
 */
public record RawResponse(int status, String reason, Map<String, List<String>> headers, String head) {

    /** Returns the first value of a header, null if there is none. */
    public String header(String name) {
        return HttpHead.first(headers, name);
    }

    /** Returns all values of a header in their order, empty if there is none. */
    public List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Reads a response head. */
    static RawResponse read(InputStream in) throws IOException {
        HttpHead head = HttpHead.read(in);
        if (head == null) {
            throw new EOFException("the connection ended without a response");
        }
        String[] parts = head.startLineParts();
        if (!parts[0].startsWith("HTTP/") || !parts[1].matches("\\d{3}")) {
            throw new IOException("no HTTP response: " + head.startLine());
        }
        return new RawResponse(Integer.parseInt(parts[1]), parts[2], head.headers(), head.text());
    }

    /** Reads the body that follows this head: chunked, by its length, or to the end of the stream. */
    byte[] readBody(InputStream in) throws IOException {
        if ("chunked".equalsIgnoreCase(header("Transfer-Encoding"))) {
            return ChunkedBody.read(in);
        }
        String length = header("Content-Length");
        if (length == null) {
            return in.readAllBytes();
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("end inside a body: " + body.length + " of " + length + " bytes");
        }
        return body;
    }
}
