package io.v2ws.server;

import io.v2ws.testing.RawHandshake;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The handshakes of {@code testing.md}, "Bad inputs", each with the status that answers it. The server: {@code /tunnel}
 * without early data, {@code /hosted} only for the host {@code tunnel.example}, an ordinary site everywhere else.
 */
final class BadHandshakes {
    private BadHandshakes() {}

    private static Arguments of(String name, int status, RawHandshake request) {
        return Arguments.of(name, status, request);
    }

    private static RawHandshake good() {
        return RawHandshake.to("/tunnel");
    }

    private static RawHandshake to(String target) {
        return RawHandshake.to(target);
    }

    /** A good request in which a piece of the text is replaced. */
    private static RawHandshake replaced(String piece, String by) {
        return RawHandshake.raw(good().text().replace(piece, by));
    }

    private static RawHandshake withBody(String headers, String body) {
        return RawHandshake.raw(good().text().replace("\r\n\r\n", "\r\n" + headers + "\r\n\r\n" + body));
    }

    private static RawHandshake manyHeaders(int count) {
        RawHandshake request = good();
        for (int i = 0; i < count; i++) {
            request.add("X-" + i, "v");
        }
        return request;
    }

    /** What the filter decides: S2, S8, S9, S10, S12, S14. */
    static List<Arguments> forTheFilter() {
        return List.of(
                of("POST", 400, good().method("POST")),
                of("HTTP/1.0", 400, good().version("HTTP/1.0")),
                of("no Upgrade", 200, good().without("Upgrade")),
                // RFC 6455, 4.2.1 would allow these two; Jetty does not upgrade them, so they are broken upgrades
                // (S10).
                of("websocket,h2c", 400, good().set("Upgrade", "websocket,h2c")),
                of("h2c, websocket", 400, good().set("Upgrade", "h2c, websocket")),
                of("WebSocket", 101, good().set("Upgrade", "WebSocket")),
                of("keep-alive, Upgrade", 101, good().set("Connection", "keep-alive, Upgrade")),
                of(
                        "two Connection headers",
                        101,
                        good().set("Connection", "keep-alive").add("Connection", "UPGRADE")),
                of("no key", 400, good().without("Sec-WebSocket-Key")),
                of("15-byte key", 400, good().key("AAAAAAAAAAAAAAAAAAAA")),
                of("17-byte key", 400, good().key("AAAAAAAAAAAAAAAAAAAAAAA=")),
                of("key not base64", 400, good().key("!!!!!!!!!!!!!!!!!!!!!!==")),
                of("two keys", 400, good().add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")),
                of("version 12", 426, good().set("Sec-WebSocket-Version", "12")),
                of("no version", 426, good().without("Sec-WebSocket-Version")),
                of("version 13, 8", 426, good().set("Sec-WebSocket-Version", "13, 8")),
                of("wrong Host", 200, to("/hosted")),
                of("look-alike prefix", 200, to("/tunX")),
                of("look-alike longer", 200, to("/tunnelX")),
                of("query", 101, to("/tunnel?a=%00&b")),
                of("absolute URI", 101, to("http://localhost/tunnel")),
                of("Content-Length with body", 400, withBody("Content-Length: 3", "abc")),
                of("Content-Length, body never comes", 400, withBody("Content-Length: 3", "")),
                of("chunked", 400, withBody("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")),
                of("deflate offered", 101, good().add("Sec-WebSocket-Extensions", "permessage-deflate")),
                // RFC 6455, 9.1: a malformed list of extensions fails the handshake.
                of("malformed extension", 400, good().add("Sec-WebSocket-Extensions", ";;=,\"")),
                of("Expect", 101, good().add("Expect", "100-continue")),
                of("spoofed X-Forwarded-For", 101, good().add("X-Forwarded-For", "::1, a, ';--, 999.9.9.9")),
                of("hostile Origin", 101, good().add("Origin", "http://evil.example/<script>")),
                of("8-bit header value", 101, good().add("X-Odd", "\u00e4\u00ff")));
    }

    /** What Jetty decides before the filter sees it: RFC 9110 and 9112. */
    static List<Arguments> forJetty() {
        return List.of(
                of("h2 preface", 426, RawHandshake.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
                of("Connection lacks Upgrade", 400, good().set("Connection", "keep-alive")),
                of("no Host", 400, good().without("Host")),
                of("two Hosts", 400, good().add("Host", "localhost")),
                of("absolute URI, other Host", 400, to("http://elsewhere/tunnel")),
                // A method and a target of a proxy: Jetty takes it for the path "/", the site answers (S8).
                of("CONNECT", 200, to("localhost:80").method("CONNECT")),
                // No path below the context at all.
                of("asterisk", 404, to("*").method("OPTIONS")),
                of("%2e%2e", 400, to("/x/%2e%2e/tunnel")),
                of("//path", 400, to("//tunnel")),
                of("%00", 400, to("/tunnel%00")),
                of("fragment", 400, to("/tunnel#x")),
                // RFC 9112, 2.2: a recipient may take a bare LF for a line end; a bare CR it may not.
                of("bare LF", 101, RawHandshake.raw(good().text().replace("\r\n", "\n"))),
                of("bare CR", 400, replaced("Upgrade: websocket\r\n", "Upgrade: websocket\r")),
                of("space before colon", 400, replaced("Upgrade:", "Upgrade :")),
                of("obs-fold", 400, replaced("Upgrade: websocket", "Upgrade:\r\n websocket")),
                of("NUL", 400, good().add("X-Odd", "a\0b")),
                of("8-bit header name", 400, good().add("X-\u00e4", "a")),
                of("8-bit target", 400, to("/tunnel\u00e4")),
                of("8,193-byte header", 431, good().add("X-Long", "x".repeat(8_193))),
                of("17 KB header", 431, good().add("X-Long", "x".repeat(17 * 1024))),
                of("17 KB target", 414, to("/tunnel?" + "x".repeat(17 * 1024))),
                of("1,000 headers", 431, manyHeaders(1_000)),
                of(
                        "Content-Length + Transfer-Encoding",
                        400,
                        withBody("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
                of("two Content-Lengths", 400, withBody("Content-Length: 0\r\nContent-Length: 3", "abc")),
                of("CR/LF in a header", 400, good().add("Sec-WebSocket-Protocol", "abcd\rX-Evil: 1")),
                of("garbage", 400, RawHandshake.raw("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\r\n\r\n")),
                of("frames without a request", 400, RawHandshake.raw("\u0082\u0084abcd\r\n\r\n")));
    }
}
