package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standalone server, by hand-written requests. */
@ExtendWith(LeakCheck.class)
class TunnelServerTest {
    private static final HostAndPort ANY_PORT = new HostAndPort("127.0.0.1", 0);
    private static final String PROTOCOL = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;

    private static WebSocketTransportOptions options(String path, int maxEarlyData, String header) {
        return WebSocketTransportOptions.builder()
                .path(path)
                .maxEarlyData(maxEarlyData)
                .earlyDataHeaderName(header)
                .build();
    }

    /** Returns a tunnel to an echo. */
    private static Tunnel tunnel(String path, int maxEarlyData, String header) {
        return Tunnel.handle(options(path, maxEarlyData, header), new EchoHandler());
    }

    private static TunnelServer start(Tunnel... tunnels) throws IOException {
        TunnelServer.Builder server = TunnelServer.builder(ANY_PORT);
        List.of(tunnels).forEach(server::tunnel);
        return server.start();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/t",
        "GET,/",
        "GET,/favicon.ico",
        "GET,/t/x",
        "GET,/tunnel",
        "GET,//",
        "GET,/a%2Fb",
        "GET,/%ff",
        "GET,/%e4%b8",
        "GET,/%25?q=1",
        "GET,/a;b=c",
        "POST,/t",
        "PUT,/t",
        "DELETE,/x",
        "TRACE,/t",
        "OPTIONS,/t",
        "OPTIONS,*",
        "HEAD,/t",
        "BREW,/coffee",
        "GET,/WEB-INF/web.xml"
    })
    void s9_anOrdinaryRequestGetsTheSameEmpty404OnEveryPath(String method, String target) throws Exception {
        try (TunnelServer server = start(tunnel("/t", 0, ""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            visitor.send(request(method + " " + target + " HTTP/1.1\r\nHost: a\r\nX-Probe: 1\r\n\r\n"));
            RawResponse answer = visitor.readResponseHead();

            assertThat(answer.status()).isEqualTo(404);
            Map<String, List<String>> headers = new TreeMap<>(answer.headers());
            headers.keySet().removeIf("date"::equalsIgnoreCase);
            assertThat(headers).hasSize(2);
            assertThat(answer.header("Content-Length")).isEqualTo("0");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(visitor.input().readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|GET /t HTTP/1.1\\r\\n\\r\\n",
                "400|GET /t HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n",
                "400|GET /t HTTP/1.1\\r\\nHost: a\\r\\nBad Name: x\\r\\n\\r\\n",
                "400|GET /../etc HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "400|GET /%zz HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "400|GET /t HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n",
                "400|nonsense\\r\\n\\r\\n",
                "505|GET /t HTTP/3.7\\r\\nHost: a\\r\\n\\r\\n",
                "426|PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n",
                "417|GET /t HTTP/1.1\\r\\nHost: a\\r\\nExpect: miracles\\r\\n\\r\\n",
                "400|GET /t HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                        + "Sec-WebSocket-Version: 13\\r\\n\\r\\n",
                "426|GET /t HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\nSec-WebSocket-Version: 8\\r\\n\\r\\n",
            })
    void s9_errorAnswersAreEmptyAndDoNotNameTheServer(int status, String text) throws Exception {
        try (TunnelServer server = start(tunnel("/t", 0, ""));
                RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            visitor.send(request(text.replace("\\r", "\r").replace("\\n", "\n")));
            RawResponse answer = visitor.readResponseHead();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Server")).isNull();
            assertThat(answer.header("X-Powered-By")).isNull();
            assertThat(answer.head()).doesNotContainIgnoringCase("jetty");
            assertThat(visitor.readBody(answer)).isEmpty();
        }
    }

    @Test
    void s9_theUpgradeDoesNotNameTheServerEither() throws Exception {
        try (TunnelServer server = start(tunnel("/t", 0, ""));
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            assertThat(peer.upgrade("/t").head()).doesNotContainIgnoringCase("server:", "jetty");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTOCOL, "X-Early", ""})
    void s16_earlyDataOf8192BytesFitsInHeaderAndPath(String header) throws Exception {
        byte[] sent = Bytes.random(16, 8192);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(sent);
        try (TunnelServer server = start(tunnel("/t/", 8192, header));
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            RawResponse answer = peer.upgrade(
                    header.isEmpty()
                            ? RawHandshake.to("/t/" + text)
                            : RawHandshake.to("/t/").add(header, text));

            assertThat(peer.readBinary(sent.length)).isEqualTo(sent);
            assertThat(answer.header(PROTOCOL)).isEqualTo(PROTOCOL.equals(header) ? text : null);
        }
    }

    @ParameterizedTest
    @CsvSource({"Sec-WebSocket-Protocol,431", "'',414"})
    void s16_aLongerRequestIsRefusedWith431Or414(String header, int status) throws Exception {
        String text = "A".repeat(17 * 1024);
        try (TunnelServer server = start(tunnel("/t/", 8192, header));
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            RawResponse answer = peer.handshake(
                    header.isEmpty()
                            ? RawHandshake.to("/t/" + text)
                            : RawHandshake.to("/t/").add(header, text));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Server")).isNull();
            assertThat(peer.readBody(answer)).isEmpty();
        }
    }

    @Test
    void s16_aPathThatFitsAloneButNotWithTheHeadersIsRefusedWith431() throws Exception {
        try (TunnelServer server = start(tunnel("/t/", 8192, ""));
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            RawResponse answer = peer.handshake(
                    RawHandshake.to("/t/" + "A".repeat(12 * 1024)).add("X-Long", "x".repeat(6 * 1024)));

            assertThat(answer.status()).isEqualTo(431);
            assertThat(peer.readBody(answer)).isEmpty();
        }
    }

    @Test
    void theLongestPathIsAskedFirst() throws Exception {
        byte[] banner = Bytes.utf8("longer");
        try (EchoUpstream upstream = EchoUpstream.banner(banner);
                TunnelServer server = start(
                        tunnel("/t", 2048, ""),
                        Tunnel.forward(options("/t/long", 2048, ""), new HostAndPort("127.0.0.1", upstream.port())));
                RawWebSocketPeer shorter = RawWebSocketPeer.connect(server.port());
                RawWebSocketPeer longer = RawWebSocketPeer.connect(server.port())) {
            longer.upgrade("/t/long");
            assertThat(longer.readBinary(banner.length)).isEqualTo(banner);
            shorter.upgrade("/tYWJj");
            assertThat(shorter.readBinary(3)).isEqualTo(Bytes.utf8("abc"));
        }
    }

    @Test
    void s12_otherHostsSeeTheSite() throws Exception {
        Tunnel named = tunnel("/t", 0, "").withHosts(List.of("tunnel.example"));
        try (TunnelServer server = start(named);
                RawWebSocketPeer other = RawWebSocketPeer.connect(server.port());
                RawWebSocketPeer right = RawWebSocketPeer.connect(server.port())) {
            assertThat(other.handshake(RawHandshake.to("/t")).status()).isEqualTo(404);
            right.upgrade(RawHandshake.to("/t").set("Host", "tunnel.example"));
        }
    }

    private static byte[] request(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
