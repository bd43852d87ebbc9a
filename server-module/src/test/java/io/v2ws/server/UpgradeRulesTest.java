package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upgrade itself: S10, S11 and S14. */
@ExtendWith(LeakCheck.class)
class UpgradeRulesTest {

    private static RawHandshake valid() {
        return RawHandshake.to("/tunnel");
    }

    private static void assertRejected(RawHandshake request, int status) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            RawResponse response = peer.handshake(request);
            assertThat(response.status()).as(response.head()).isEqualTo(status);
            assertThat(response.all("Sec-WebSocket-Version")).isEqualTo(status == 426 ? List.of("13") : List.of());
            assertThat(response.headers()).doesNotContainKeys("Upgrade", "Sec-WebSocket-Accept");
            assertThat(peer.readBody(response)).isEmpty();
            peer.expectEof();
            assertThat(server.handler().count()).isZero();
        }
    }

    @Test
    void s10_missingKeyIsRejectedWith400() throws Exception {
        assertRejected(valid().without("Sec-WebSocket-Key"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAA=",
                "AAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAA!=",
                "AAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAA-_AAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAA==, AAAAAAAAAAAAAAAAAAAAAA=="
            })
    void s10_malformedKeyIsRejectedWith400(String key) throws Exception {
        assertRejected(valid().key(key), 400);
    }

    @Test
    void s10_secondKeyIsRejectedWith400() throws Exception {
        assertRejected(valid().add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "OPTIONS", "get", "BREW"})
    void s10_methodOtherThanGetIsRejectedWith400(String method) throws Exception {
        assertRejected(valid().method(method), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "8", "12", "14", "013", "13, 8", "13,13", "thirteen", ""})
    void s10_otherVersionIsRejectedWith426(String version) throws Exception {
        assertRejected(valid().set("Sec-WebSocket-Version", version), 426);
    }

    @Test
    void s10_missingVersionIsRejectedWith426() throws Exception {
        assertRejected(valid().without("Sec-WebSocket-Version"), 426);
    }

    /** Jetty upgrades only where websocket is the one protocol asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"websocket, h2c", "h2c, websocket", "websocket, websocket"})
    void s10_upgradeToOneOfSeveralProtocolsIsRejectedWith400(String upgrade) throws Exception {
        assertRejected(valid().set("Upgrade", upgrade), 400);
    }

    @Test
    void s10_malformedExtensionIsRejectedWith400() throws Exception {
        assertRejected(valid().add("Sec-WebSocket-Extensions", ";;=,\""), 400);
    }

    @Test
    void s10_framesBehindABrokenUpgradeAreNotTakenForARequest() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            RawHandshake smuggled = valid();
            RawResponse response = peer.handshake(valid().without("Sec-WebSocket-Key"), smuggled.bytes());
            assertThat(response.status()).isEqualTo(400);
            peer.expectEof();
            assertThat(server.handler().count()).isZero();
        }
    }

    @Test
    void s11_headersAreWrittenIntoThe101() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .header("X-One", "a b, c")
                .header("X-Many", List.of("first", "second"))
                .header("Server", "nginx")
                .build();
        try (FilteredSite server = FilteredSite.start(
                options, filter -> {}, jetty -> jetty.configureHttp(http -> http.setSendServerVersion(false)))) {
            RawResponse response = server.deliver(valid()).response();
            assertThat(response.all("X-One")).containsExactly("a b, c");
            assertThat(response.all("X-Many")).containsExactly("first", "second");
            assertThat(response.all("Server")).containsExactly("nginx");
        }
    }

    @Test
    void s11_headersAreNotWrittenIntoARejection() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .header("X-One", "a")
                .build();
        try (FilteredSite server = FilteredSite.start(options)) {
            assertThat(server.refused(valid().key("x")).header("X-One")).isNull();
            assertThat(server.refused(valid().set("Upgrade", "websocket, h2c")).header("X-One"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover",
                "permessage-deflate, permessage-deflate; client_max_window_bits=10",
                "x-webkit-deflate-frame, fragment, identity",
                "unheard-of; a=1; b=\"quoted, text\""
            })
    void s14_offeredExtensionsAreDeclined(String offer) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            RawResponse response = peer.upgrade(valid().add("Sec-WebSocket-Extensions", offer));
            assertThat(response.headers()).doesNotContainKey("Sec-WebSocket-Extensions");
            WebSocketEnds.writeAndClose(server.handler().next().stream(), "x".repeat(1000));
            RawFrame frame = peer.expectFrame(FrameBytes.BINARY);
            assertThat(frame.rsv()).isZero();
            assertThat(frame.text()).isEqualTo("x".repeat(1000));
            peer.expectClose(1000);
            peer.sendClose(1000, "");
        }
    }

    @Test
    void s14_compressedFrameIsAViolation() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            peer.upgrade(valid().add("Sec-WebSocket-Extensions", "permessage-deflate"));
            peer.send(peer.frame(FrameBytes.BINARY, (byte) 1).rsv(4));
            peer.expectClose(1002);
        }
    }
}
