package io.v2ws.server;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawHandshake;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The early data of {@code testing.md}, "Bad inputs", each with the status that answers it and, behind a 101, the
 * text (ISO 8859-1) that arrives. The server: {@code /path} in path mode, {@code /header} in header mode with {@code
 * Sec-WebSocket-Protocol}, {@code /tunnel} without early data; the first two are for 2,048 bytes, which binds only a
 * client.
 */
final class BadEarlyData {
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    private BadEarlyData() {}

    private static Arguments header(String name, int status, String value, String echoed) {
        return Arguments.of(
                "header: " + name, status, RawHandshake.to("/header").add(PROTOCOL, value), echoed);
    }

    private static Arguments path(String name, int status, String rest, String echoed) {
        return Arguments.of("path: " + name, status, RawHandshake.to("/path" + rest), echoed);
    }

    private static Arguments of(String name, int status, RawHandshake request, String echoed) {
        return Arguments.of(name, status, request, echoed);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.utf8(text));
    }

    static List<Arguments> all() {
        String atLimit = "x".repeat(2_048);
        String overLimit = "x".repeat(2_049);
        String huge = "A".repeat(64 * 1024);
        return List.of(
                header("empty", 101, "", ""),
                header("one character", 400, "A", ""),
                header("padding", 101, "QQ==", "A"),
                header("only padding", 101, "==", ""),
                header("+/", 101, "Pz8/Pj4+", "???>>>"),
                header("mixed alphabets", 101, "Pz8/Pj4-Pz8_", "???>>>???"),
                header("!", 400, "aGVs!G8A", ""),
                header("comma list", 400, "aGVs, bG8", ""),
                header("2,048 bytes", 101, encoded(atLimit), atLimit),
                header("2,049 bytes", 101, encoded(overLimit), overLimit),
                header("64 KB", 431, huge, ""),
                // Nothing tells a subprotocol from early data: this one decodes, and is delivered.
                header("genuine subprotocol", 101, "chat", "r\u0016\u00ad"),
                header("genuine subprotocol that does not decode", 400, "graphql-ws.v", ""),
                header("8-bit", 400, "aGVsbG\u00e4", ""),
                header("percent-encoded CR LF", 400, "aGVs%0d%0aX-Evil:1", ""),
                path("empty", 101, "", ""),
                path("one character", 400, "A", ""),
                path("padding", 101, "QQ==", "A"),
                path("+/", 101, "Pz8/Pj4+", "???>>>"),
                path("mixed alphabets", 101, "Pz8/Pj4-Pz8_", "???>>>???"),
                path("/ in front", 101, "/z8A", "\u00ff?\0"),
                path("/ alone", 400, "/", ""),
                path("!", 400, "aGVs!G8A", ""),
                path("comma list", 400, "aGVs,bG8", ""),
                path("%2D", 400, "%2DA", ""),
                path("2,048 bytes", 101, encoded(atLimit), atLimit),
                path("2,049 bytes", 101, encoded(overLimit), overLimit),
                path("64 KB", 414, huge, ""),
                // A list of several values (RFC 9110, 5.3) is no early data.
                of(
                        "header twice",
                        400,
                        RawHandshake.to("/header").add(PROTOCOL, "QQ").add(PROTOCOL, "QQ"),
                        ""),
                of(
                        "path and header, header mode",
                        200,
                        RawHandshake.to("/headerQQ").add(PROTOCOL, "QQ"),
                        ""),
                of("path and header, path mode", 101, RawHandshake.to("/pathQQ").add(PROTOCOL, "QUI"), "A"),
                of(
                        "sent in the header when disabled",
                        101,
                        RawHandshake.to("/tunnel").add(PROTOCOL, "QQ"),
                        ""),
                of("sent in the path when disabled", 200, RawHandshake.to("/tunnelQQ"), ""));
    }
}
