package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What strangers send that a container dislikes: S2, S4 and S18, on both engines. */
@ExtendWith(LeakCheck.class)
class OddRequestsTest {
    private static final List<String> QUERIES = List.of(
            "a=|", "a={}", "a=^", "a=`", "a=\"", "a=<>", "a=\\", "a=%zz", "%", "a=%", "%u1234", "a=%ff", "a=%c0%af");

    static List<Arguments> queries() {
        List<Arguments> all = new ArrayList<>();
        for (WebSocketEngine engine : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
            QUERIES.forEach(query -> all.add(Arguments.of(engine, query)));
        }
        return all;
    }

    private static EmbeddedJetty echo(WebSocketEngine engine, int maxEarlyData) {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(maxEarlyData)
                .build();
        return EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(options, new EchoHandler())
                        .engine(engine)
                        .build())
                .start();
    }

    private static void assertEchoes(RawWebSocketPeer peer, String expected) throws IOException {
        peer.sendBinary((byte) '!');
        assertThat(Bytes.utf8(peer.readBinary(expected.length() + 1))).isEqualTo(expected + "!");
        peer.sendClose(1000, "");
        peer.expectClose(1000);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("queries")
    void s2_queryThatIsNoQueryIsIgnored(WebSocketEngine engine, String query) throws Exception {
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = echo(engine, 0);
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade(RawHandshake.to("/tunnel?" + query));
            assertEchoes(peer, "");
            assertThat(log.text()).doesNotContain("Exception", "\tat ");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("queries")
    void s4_queryThatIsNoQueryIsIgnoredBehindEarlyData(WebSocketEngine engine, String query) throws Exception {
        try (EmbeddedJetty jetty = echo(engine, 2_048);
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade(RawHandshake.to("/tunnelaGVsbG8?" + query));
            assertEchoes(peer, "hello");
        }
    }

    /** Jetty would read every parameter. On the old code 7 KB of them took a tenth of a second, cold half a second. */
    @ParameterizedTest
    @JettyEngines
    void s2_queryOfThousandsOfParametersTakesNoLongerThanNone(WebSocketEngine engine) throws Exception {
        try (EmbeddedJetty jetty = echo(engine, 0)) {
            String many = "/tunnel?" + "a&".repeat(3_500);
            fastest(jetty, "/tunnel", 5);
            fastest(jetty, many, 5);
            long without = fastest(jetty, "/tunnel", 10);
            long with = fastest(jetty, many, 10);
            assertThat(Duration.ofNanos(with)).isLessThan(Duration.ofNanos(without * 5 + 10_000_000));
        }
    }

    private static long fastest(EmbeddedJetty jetty, String target, int times) throws IOException {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                peer.upgrade(RawHandshake.to(target));
                fastest = Math.min(fastest, System.nanoTime() - start);
                assertEchoes(peer, "");
            }
        }
        return fastest;
    }

    @ParameterizedTest
    @JettyEngines
    void s7_subprotocolsThatAreNoneAreIgnoredWhereTheyCarryNoEarlyData(WebSocketEngine engine) throws Exception {
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = echo(engine, 0)) {
            for (String value : List.of("\"", "a,\"b", ",,", "(")) {
                try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                    RawResponse response =
                            peer.upgrade(RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", value));
                    assertThat(response.header("Sec-WebSocket-Protocol")).isNull();
                    assertEchoes(peer, "");
                }
            }
            assertThat(log.text()).doesNotContain("WARN");
        }
    }

    /** A filter before ours whose request fails in the engine's hands, and not before. */
    @ParameterizedTest
    @JettyEngines
    void s18_failureOfTheEngineIsAnEmpty400WithoutAWordOfWhatStandsHere(WebSocketEngine engine) throws Exception {
        HttpFilter failing = new HttpFilter() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(
                        new HttpServletRequestWrapper(request) {
                            @Override
                            public int getRemotePort() {
                                throw new IllegalStateException("secret");
                            }
                        },
                        response);
            }
        };
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .header("X-Tunnel", "yes")
                .build();
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .filter(failing)
                        .filter(WebSocketUpgradeFilter.builder(options, new EchoHandler())
                                .engine(engine)
                                .build())
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            RawResponse response = peer.handshake(RawHandshake.to("/tunnel"));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.header("Content-Length")).isEqualTo("0");
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(response.header("X-Tunnel")).isNull();
            peer.expectEof();
            assertThat(log.text()).doesNotContain("secret");
        }
    }
}
