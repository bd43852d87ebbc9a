package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad handshake gets its answer within a second, without a word of what is inside; and a neighbour's tunnel, open
 * all the time, notices nothing.
 */
@ExtendWith(LeakCheck.class)
class HandshakeTortureTest {
    private static final int ANSWER_MILLIS = 1_000;

    /** A line of a stack trace, or the name of a class. */
    private static final Pattern INSIDES =
            Pattern.compile("\\bat [\\w.$]+\\(|Exception|Caused by|io\\.v2ws|org\\.eclipse|java\\.(lang|util|io)");

    private static EmbeddedJetty jetty;
    private static RawWebSocketPeer neighbour;

    @BeforeAll
    static void start() throws Exception {
        jetty = EmbeddedJetty.builder()
                .filter(echo(options("/tunnel").build(), List.of()))
                .filter(echo(options("/hosted").build(), List.of("tunnel.example")))
                .filter(echo(options("/path").maxEarlyData(2_048).build(), List.of()))
                .filter(echo(
                        options("/header")
                                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                                .build(),
                        List.of()))
                .start();
        neighbour = RawWebSocketPeer.connect(jetty.port());
        neighbour.upgrade("/tunnel");
    }

    private static WebSocketTransportOptions.Builder options(String path) {
        return WebSocketTransportOptions.builder().path(path);
    }

    private static WebSocketUpgradeFilter echo(WebSocketTransportOptions options, List<String> hosts) {
        return WebSocketUpgradeFilter.builder(options, new EchoHandler())
                .hosts(hosts)
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            neighbour.sendClose(1000, "");
            neighbour.expectClose(1000);
            neighbour.close();
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
        } finally {
            jetty.close();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("io.v2ws.server.BadHandshakes#forTheFilter")
    void filterAnswersBadHandshake(String name, int status, RawHandshake request) throws Exception {
        assertAnswered(status, request, "");
        if (status >= 400) {
            assertConnectionIsOver(request);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("io.v2ws.server.BadHandshakes#forJetty")
    void jettyAnswersBadHandshake(String name, int status, RawHandshake request) throws Exception {
        assertAnswered(status, request, "");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("io.v2ws.server.BadEarlyData#all")
    void badEarlyDataIsAnswered(String name, int status, RawHandshake request, String echoed) throws Exception {
        assertAnswered(status, request, echoed);
    }

    private static void assertAnswered(int status, RawHandshake request, String echoed) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.setTimeoutMillis(ANSWER_MILLIS);
            RawResponse response = peer.handshake(request);
            assertThat(response.status()).as(response.head()).isEqualTo(status);
            assertThat(response.head()).doesNotContainPattern(INSIDES);
            if (status == 101) {
                peer.sendBinary((byte) '!');
                byte[] expected = (echoed + "!").getBytes(StandardCharsets.ISO_8859_1);
                assertThat(peer.readBinary(expected.length)).isEqualTo(expected);
                peer.sendClose(1000, "");
                peer.expectClose(1000);
            } else {
                assertThat(peer.readBody(response)).doesNotContainPattern(INSIDES);
            }
        }
        assertNeighbourIsWell();
    }

    /** Behind a broken upgrade there may be frames, which must not be read as the next request. */
    private static void assertConnectionIsOver(RawHandshake request) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.setTimeoutMillis(ANSWER_MILLIS);
            RawResponse response = peer.handshake(request);
            assertThat(response.header("Connection")).as(response.head()).isEqualTo("close");
            peer.readBody(response);
            peer.expectEof();
        }
    }

    private static void assertNeighbourIsWell() throws Exception {
        byte[] bytes = Bytes.random(System.nanoTime(), 10);
        neighbour.sendBinary(bytes);
        assertThat(neighbour.readBinary(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void framesBehindTheRequestAreServed() throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.setTimeoutMillis(ANSWER_MILLIS);
            peer.upgrade(
                    RawHandshake.to("/tunnel"),
                    peer.frame(FrameBytes.PING, (byte) 1).bytes(),
                    peer.frame(FrameBytes.BINARY, (byte) 2).bytes());
            assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(1);
            assertThat(peer.readBinary(1)).containsExactly(2);
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
        assertNeighbourIsWell();
    }

    @Test
    void replayedHandshakeIsAnotherTunnel() throws Exception {
        RawHandshake request = RawHandshake.to("/pathaGVsbG8");
        assertAnswered(101, request, "hello");
        assertAnswered(101, request, "hello");
    }

    @Test
    void connectionsDroppedBeforeThe101LeaveNothingBehind() throws Exception {
        long before = LeakCheck.openSockets();
        byte[] request = RawHandshake.to("/pathaGVsbG8").bytes();
        for (int length = 1; length <= request.length; length += 7) {
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                peer.send(Arrays.copyOf(request, length));
                peer.reset();
            }
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                peer.send(request);
            }
        }
        assertNeighbourIsWell();
        await().untilAsserted(() -> assertThat(LeakCheck.openSockets()).isLessThanOrEqualTo(before));
        LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
    }
}
