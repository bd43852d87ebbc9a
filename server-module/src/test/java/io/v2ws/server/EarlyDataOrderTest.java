package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order, how often and how much early data is delivered: S15 and S16. */
@ExtendWith(LeakCheck.class)
class EarlyDataOrderTest {
    private static final String PROTOCOL = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;
    private static final String EARLY = "aGVsbG8";

    private static byte[] frame(String text) {
        return FrameBytes.binary(Bytes.utf8(text)).masked().bytes();
    }

    private static byte[] end() {
        return FrameBytes.close(1000, "").masked().bytes();
    }

    /** Sends everything in one write, the Close frame included, and returns what was delivered. */
    private static String inOneSegment(FilteredSite server, RawHandshake request, byte[]... behind) throws Exception {
        try (RawWebSocketPeer peer = server.connect()) {
            peer.upgrade(request, Bytes.concat(behind), end());
            peer.expectClose(1000);
            return Bytes.utf8(server.handler().next().bytes());
        }
    }

    @Test
    void s15_earlyDataComesBeforeFramesOfTheSameSegment() throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            assertThat(inOneSegment(server, RawHandshake.to("/tunnel" + EARLY), frame(" wor"), frame("ld")))
                    .isEqualTo("hello world");
        }
        try (FilteredSite server = FilteredSite.headerMode(PROTOCOL)) {
            assertThat(inOneSegment(server, RawHandshake.to("/tunnel").add(PROTOCOL, EARLY), frame(" world")))
                    .isEqualTo("hello world");
        }
    }

    @Test
    void s15_framesOfTheSameSegmentAreNotLostWithoutEarlyData() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            assertThat(inOneSegment(server, RawHandshake.to("/tunnel"), frame("a"), frame("b")))
                    .isEqualTo("ab");
        }
    }

    /** Far more than the buffer that held the request. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4_096, 16_384, 100_000, 1_000_000})
    void s15_nothingOfALongFirstSegmentIsLost(int length) throws Exception {
        byte[] payload = Bytes.random(length, length);
        try (FilteredSite server = FilteredSite.pathMode("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            peer.send(
                    RawHandshake.to("/tunnel" + EARLY).bytes(),
                    FrameBytes.binary(payload).masked().bytes(),
                    end());
            assertThat(peer.readResponseHead().status()).isEqualTo(101);
            peer.expectClose(1000);
            assertThat(server.handler().next().bytes()).isEqualTo(Bytes.concat(Bytes.utf8("hello"), payload));
        }
    }

    @Test
    void s15_requestInManySegmentsDeliversEarlyDataOnce() throws Exception {
        byte[] bytes = Bytes.concat(RawHandshake.to("/tunnel" + EARLY).bytes(), frame(" world"), end());
        try (FilteredSite server = FilteredSite.pathMode("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            for (byte one : bytes) {
                peer.send(new byte[] {one});
            }
            assertThat(peer.readResponseHead().status()).isEqualTo(101);
            peer.expectClose(1000);
            assertThat(server.handler().next().bytes()).isEqualTo(Bytes.utf8("hello world"));
        }
    }

    @Test
    void s15_earlyDataIsThereBeforeAnyFrame() throws Exception {
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(
                                WebSocketTransportOptions.builder()
                                        .path("/tunnel")
                                        .maxEarlyData(5)
                                        .build(),
                                new EchoHandler())
                        .build());
        try (EmbeddedJetty jetty = builder.start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade("/tunnel" + EARLY);
            assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
            peer.sendBinary(Bytes.utf8("more"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("more"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
            peer.expectEof();
        }
    }

    private static FilteredSite withLargeHeaders(String headerName) {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(8_192)
                .earlyDataHeaderName(headerName)
                .build();
        return FilteredSite.start(
                options, filter -> {}, jetty -> jetty.configureHttp(http -> http.setRequestHeaderSize(16_384)));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void s16_pathOf8192BytesOfEarlyDataIsDelivered() throws Exception {
        byte[] early = Bytes.random(16, 8_192);
        try (FilteredSite server = withLargeHeaders("")) {
            assertThat(server.deliver(RawHandshake.to("/tunnel" + encoded(early)), frame("x"))
                            .bytes())
                    .isEqualTo(Bytes.concat(early, Bytes.utf8("x")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol", "X-Early"})
    void s16_headerOf8192BytesOfEarlyDataIsDelivered(String headerName) throws Exception {
        byte[] early = Bytes.random(16, 8_192);
        try (FilteredSite server = withLargeHeaders(headerName)) {
            FilteredSite.Delivery delivery =
                    server.deliver(RawHandshake.to("/tunnel").add(headerName, encoded(early)), frame("x"));
            assertThat(delivery.bytes()).isEqualTo(Bytes.concat(early, Bytes.utf8("x")));
            assertThat(delivery.request().earlyDataLength()).isEqualTo(8_192);
        }
    }

    @Test
    void s16_longerRequestsAreRefused() throws Exception {
        String tooLong = encoded(Bytes.random(17, 12_288));
        try (FilteredSite server = withLargeHeaders("")) {
            assertThat(server.refused(RawHandshake.to("/tunnel" + tooLong)).status())
                    .isEqualTo(414);
        }
        try (FilteredSite server = withLargeHeaders(PROTOCOL)) {
            assertThat(server.refused(RawHandshake.to("/tunnel").add(PROTOCOL, tooLong))
                            .status())
                    .isEqualTo(431);
        }
    }
}
