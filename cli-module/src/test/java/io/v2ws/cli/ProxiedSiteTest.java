package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.CidrBlock;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.standalone.Tunnel;
import io.v2ws.server.standalone.TunnelServer;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another web server as the site (S21), by hand-written requests and responses. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ProxiedSiteTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsite";

    /** What a web server does with one connection, once it has read a request head. */
    private interface Answer {
        void to(RawRequest request, RawWebSocketPeer connection) throws IOException;
    }

    /** A web server that answers one request on each connection. */
    private static final class WebServer implements AutoCloseable {
        private final BlockingQueue<RawRequest> requests = new LinkedBlockingQueue<>();
        private final SocketServer server;

        WebServer(Answer answer) throws IOException {
            server = new SocketServer("web-server", socket -> {
                RawWebSocketPeer connection = RawWebSocketPeer.accept(socket);
                RawRequest request = connection.readRequestHead();
                requests.add(request);
                answer.to(request, connection);
            });
        }

        static WebServer answering(String text) throws IOException {
            return new WebServer((request, connection) -> send(connection, text));
        }

        RawRequest next() throws InterruptedException {
            return requests.poll(10, TimeUnit.SECONDS);
        }

        URI url(String path) {
            return URI.create("http://127.0.0.1:" + server.port() + path);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static void send(RawWebSocketPeer to, String text) throws IOException {
        to.send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static TunnelServer serve(URI site, String... trusted) throws IOException {
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path("/tunnel").build();
        return TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                .tunnel(Tunnel.handle(options, new EchoHandler()))
                .site(new ProxiedSite(
                        site, List.of(trusted).stream().map(CidrBlock::parse).toList(), Duration.ofSeconds(5)))
                .start();
    }

    private static RawHandshake get(String target, String... headerLines) {
        return RawHandshake.raw(
                "GET " + target + " HTTP/1.1\r\n" + String.join("\r\n", headerLines) + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/ /",
                "/a/b?c=d&e=%20+ /a/b?c=d&e=%20+",
                "//a//b //a//b",
                "/a%2Fb%25 /a%2Fb%25",
                "/a;b=c /a;b=c",
                "/?a=|{}^%zz /?a=%7C%7B%7D%5E%25zz",
                "/%e4%bd /%e4%bd",
                "http://a/x?y /x?y",
            })
    void s21_targetIsPassedOnAsItIs(String target, String expected) throws Exception {
        try (WebServer web = WebServer.answering(OK);
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse page = visitor.handshake(get(target, "Host: a"));
            assertThat(page.status()).as(page.head()).isEqualTo(200);
            assertThat(visitor.readBody(page)).isEqualTo("site");
            assertThat(web.next().target()).isEqualTo(expected);
        }
    }

    @Test
    void s21_pathOfTheUrlGoesInFront() throws Exception {
        try (WebServer web = WebServer.answering(OK);
                TunnelServer server = serve(web.url("/blog/"));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            assertThat(visitor.handshake(get("/x?y", "Host: a")).status()).isEqualTo(200);
            assertThat(web.next().target()).isEqualTo("/blog/x?y");
        }
    }

    @Test
    void s21_headersOfOneHopEndHereAndTheWebServerLearnsTheVisitor() throws Exception {
        try (WebServer web = WebServer.answering(OK);
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            visitor.handshake(
                    RawHandshake.raw("GET / HTTP/1.1\r\nHost: www.example:8443\r\nConnection: X-Mine, close\r\n"
                            + "X-Mine: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
                            + "Proxy-Authorization: x\r\nAccept-Encoding: br\r\n"
                            + "Cookie: a=b\r\nCookie: c=d\r\nX-Forwarded-For: 9.9.9.9\r\nForwarded: for=9.9.9.9\r\n"
                            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n\r\n"));
            RawRequest request = web.next();
            assertThat(request.all("Host")).containsExactly("www.example:8443");
            assertThat(request.all("Cookie")).containsExactly("a=b", "c=d");
            assertThat(request.header("Accept-Encoding")).isEqualTo("br");
            assertThat(request.all("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(request.all("X-Forwarded-Proto")).containsExactly("http");
            assertThat(request.all("X-Forwarded-Host")).containsExactly("www.example:8443");
            for (String gone :
                    new String[] {"X-Mine", "TE", "Keep-Alive", "Proxy-Authorization", "Forwarded", "Via", "User-Agent"
                    }) {
                assertThat(request.all(gone)).as(gone).isEmpty();
            }
        }
    }

    @Test
    void s21_trustedProxyIsBelieved() throws Exception {
        try (WebServer web = WebServer.answering(OK);
                TunnelServer server = serve(web.url(""), "127.0.0.0/8");
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            visitor.handshake(get(
                    "/",
                    "Host: a",
                    "X-Forwarded-For: 9.9.9.9, 8.8.8.8",
                    "Forwarded: for=9.9.9.9",
                    "X-Forwarded-Proto: https"));
            RawRequest request = web.next();
            assertThat(request.all("X-Forwarded-For")).containsExactly("9.9.9.9, 8.8.8.8, 127.0.0.1");
            assertThat(request.all("X-Forwarded-Proto")).containsExactly("https");
            assertThat(request.all("X-Forwarded-Host")).containsExactly("a");
            assertThat(request.all("Forwarded")).containsExactly("for=9.9.9.9");
        }
    }

    @Test
    void s21_responseComesAsItIs() throws Exception {
        String head = "HTTP/1.1 404 Nowhere\r\nServer: other\r\nDate: Sun, 01 Nov 2026 10:00:00 GMT\r\n"
                + "Set-Cookie: a=b; Expires=Sun, 01 Nov 2026 10:00:00 GMT\r\nSet-Cookie: c=d\r\n"
                + "WWW-Authenticate: Basic realm=\"a, b\"\r\nETag: W/\"x\"\r\nContent-Encoding: br\r\n"
                + "Connection: X-Hop\r\nKeep-Alive: 5\r\nContent-Length: 4\r\n\r\n";
        try (WebServer web = WebServer.answering(head + "none");
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse page = visitor.handshake(get("/", "Host: a"));
            assertThat(page.status()).isEqualTo(404);
            assertThat(visitor.readBody(page)).isEqualTo("none");
            assertThat(page.all("Server")).containsExactly("other");
            assertThat(page.all("Date")).containsExactly("Sun, 01 Nov 2026 10:00:00 GMT");
            assertThat(page.all("Set-Cookie")).containsExactly("a=b; Expires=Sun, 01 Nov 2026 10:00:00 GMT", "c=d");
            assertThat(page.all("WWW-Authenticate")).containsExactly("Basic realm=\"a, b\"");
            assertThat(page.all("ETag")).containsExactly("W/\"x\"");
            assertThat(page.all("Content-Encoding")).containsExactly("br");
            assertThat(page.all("Keep-Alive")).isEmpty();
        }
    }

    @Test
    void s21_bodiesArePassedOnBothWaysAsTheyCome() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        try (WebServer web = new WebServer((request, connection) -> {
                    InputStream in = connection.input();
                    // The visitor sends the rest only when the web server has the first part.
                    assertThat(Bytes.utf8(in.readNBytes(5))).isEqualTo("first");
                    firstSeen.countDown();
                    assertThat(Bytes.utf8(in.readNBytes(6))).isEqualTo("second");
                    send(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                    in.read();
                });
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            send(visitor, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nfirst");
            assertThat(firstSeen.await(10, TimeUnit.SECONDS)).isTrue();
            send(visitor, "second");
            assertThat(visitor.readResponseHead().status()).isEqualTo(200);
        }
    }

    @Test
    void s21_bodyWaitsForTheContinueOfTheWebServer() throws Exception {
        try (WebServer web = new WebServer((request, connection) -> {
                    send(connection, "HTTP/1.1 100 Continue\r\n\r\n");
                    assertThat(Bytes.utf8(connection.input().readNBytes(4))).isEqualTo("body");
                    send(connection, OK);
                });
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            send(visitor, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(visitor.readResponseHead().status()).isEqualTo(100);
            send(visitor, "body");
            RawResponse page = visitor.readResponseHead();
            assertThat(page.status()).isEqualTo(200);
            assertThat(visitor.readBody(page)).isEqualTo("site");
        }
    }

    @Test
    void s21_eventsComeOneByOne() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (WebServer web = new WebServer((request, connection) -> {
                    send(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                    for (String event = take(events); !event.isEmpty(); event = take(events)) {
                        send(connection, event);
                    }
                });
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse head = visitor.handshake(get("/", "Host: a"));
            assertThat(head.status()).isEqualTo(200);
            events.add("data: 1\n\n");
            assertThat(readUntil(visitor, "data: 1")).isTrue();
            events.add("data: 2\n\n");
            assertThat(readUntil(visitor, "data: 2")).isTrue();
            events.add("");
        }
    }

    private static String take(BlockingQueue<String> events) {
        try {
            return events.take();
        } catch (InterruptedException x) {
            throw new IllegalStateException(x);
        }
    }

    private static boolean readUntil(RawWebSocketPeer visitor, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int c = visitor.input().read(); c >= 0; c = visitor.input().read()) {
            if (read.append((char) c).indexOf(text) >= 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void s21_muchIsPassedOnBothWays() throws Exception {
        int much = 20_000_000;
        byte[] up = Bytes.random(1, much);
        byte[] down = Bytes.random(2, much);
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        try (WebServer web = new WebServer((request, connection) -> {
                    arrived.add(Bytes.sha256(connection.input().readNBytes(much)));
                    send(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + much + "\r\n\r\n");
                    connection.send(down);
                });
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            send(visitor, "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + much + "\r\n\r\n");
            visitor.send(up);
            assertThat(visitor.readResponseHead().status()).isEqualTo(200);
            assertThat(Bytes.sha256(visitor.input().readNBytes(much))).isEqualTo(Bytes.sha256(down));
            assertThat(arrived.take()).isEqualTo(Bytes.sha256(up));
        }
    }

    @Test
    void s21_webServerThatIsDownIsAnEmpty502AndOneLineInTheLog() throws Exception {
        try (CapturedLog log = new CapturedLog();
                ClosedPort port = new ClosedPort();
                TunnelServer server = serve(URI.create("http://127.0.0.1:" + port.port()));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse page = visitor.handshake(get("/", "Host: a"));
            assertThat(page.status()).isEqualTo(502);
            assertThat(page.header("Server")).isNull();
            assertThat(visitor.readBody(page)).isEmpty();
            try (RawWebSocketPeer another = RawWebSocketPeer.connect(server.port())) {
                assertThat(another.handshake(get("/", "Host: a")).status()).isEqualTo(502);
            }
            assertThat(log.text()).containsOnlyOnce("The site http://127.0.0.1:" + port.port() + " does not answer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 20", "nonsense\r\n\r\n"})
    void s21_webServerThatEndsTooEarlyIsAnEmpty502(String answer) throws Exception {
        try (WebServer web = WebServer.answering(answer);
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse page = visitor.handshake(get("/", "Host: a"));
            assertThat(page.status()).isEqualTo(502);
            assertThat(visitor.readBody(page)).isEmpty();
        }
    }

    @Test
    void s21_responseThatIsCutIsNoWholeResponse() throws Exception {
        try (WebServer web = WebServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            RawResponse page = visitor.handshake(get("/", "Host: a"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(visitor.input().readAllBytes()).hasSizeLessThan(100);
        }
    }

    @Test
    void s21_upgradeThatIsForNoTunnelIsAnOrdinaryRequest() throws Exception {
        try (WebServer web = WebServer.answering(OK);
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port());
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            assertThat(visitor.handshake(RawHandshake.to("/chat")).status()).isEqualTo(200);
            assertThat(web.next().all("Upgrade")).isEmpty();
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("echo"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
        }
    }

    @Test
    void s21_headHasNoBody() throws Exception {
        try (WebServer web = WebServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                TunnelServer server = serve(web.url(""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            send(visitor, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            RawResponse page = visitor.readResponseHead();
            assertThat(page.header("Content-Length")).isEqualTo("4");
            assertThat(visitor.input().readAllBytes()).isEmpty();
        }
    }
}
