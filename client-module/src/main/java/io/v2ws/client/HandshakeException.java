package io.v2ws.client;

import io.v2ws.internal.io.StreamFailures;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server, or a proxy on the way, refused the upgrade. The client does not retry.
 *
 * <p>The message holds the status, the reason, a first line of the body where it says more, and the hint; text of the
 * other side is escaped and cut there. {@link #body()} is escaped, too. {@link #reason()} and {@link #headers()} return
 * such text as it was received: escape it before you show it.
 */
@SuppressWarnings("exports") // Copyable is not part of the API.
public final class HandshakeException extends IOException implements StreamFailures.Copyable {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final String hint;
    private final TreeMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String body;

    /** As the other constructor, without headers and body. */
    HandshakeException(int status, String reason, String hint, Throwable cause) {
        this(status, reason, hint, Map.of(), "", cause);
    }

    /**
     * Makes the exception.
     *
     * @param status the HTTP status, 0 if no response came
     * @param reason the reason phrase, or what was wrong with the response
     * @param hint what the user can do; empty for none
     * @param headers of the response
     * @param body the beginning of the body
     * @param cause may be null
     */
    HandshakeException(
            int status, String reason, String hint, Map<String, List<String>> headers, String body, Throwable cause) {
        this(status, reason, hint, caseless(headers), body, cause);
    }

    private HandshakeException(
            int status,
            String reason,
            String hint,
            TreeMap<String, List<String>> headers,
            String body,
            Throwable cause) {
        super(message(status, reason, BodyLine.of(headers, body, reason), hint), cause);
        this.status = status;
        this.reason = reason;
        this.hint = hint;
        this.headers.putAll(headers);
        this.body = escaped(body);
    }

    /** Returns a text with its lines and without other control characters. What has been escaped stays as it is. */
    private static String escaped(String text) {
        return text.lines().map(Printable::escape).collect(Collectors.joining("\n"))
                + (text.endsWith("\n") ? "\n" : "");
    }

    private static TreeMap<String, List<String>> caseless(Map<String, List<String>> headers) {
        TreeMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> all.merge(name, List.copyOf(values), HandshakeException::joined));
        return all;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String message(int status, String reason, String line, String hint) {
        return "WebSocket upgrade refused: " + (status == 0 ? "" : status + " ") + Printable.shortened(reason)
                + (line.isEmpty() ? "" : ": " + line)
                + (hint.isEmpty() ? "" : " (" + hint + ")");
    }

    @Override
    public HandshakeException copy() {
        return new HandshakeException(status, reason, hint, headers, body, getCause());
    }

    /** The HTTP status; 101 if the response violated RFC 6455, 0 if no response came. */
    public int status() {
        return status;
    }

    /** The reason phrase, or what was wrong with the response; as received, unescaped. */
    public String reason() {
        return reason;
    }

    /** What the user can do; empty for none. */
    public String hint() {
        return hint;
    }

    /**
     * The headers of the response, each with its values in order; names are looked up in any case. Values are as
     * received, unescaped. Unmodifiable; empty if no response came.
     */
    public Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /**
     * The beginning of the response's body: what came of its first {@value RefusalBody#MOST} bytes within a quarter of
     * a second (from a proxy: what came with the head), decoded by the charset of {@code Content-Type}, UTF-8 if it
     * names none. Lines end in a line feed; other control characters are escaped, as <code>&#92;u001b</code>. Where it
     * repeats the early data of the request, it ends before that. Empty if there was none, or only in a content coding
     * such as gzip.
     */
    public String body() {
        return body;
    }
}
