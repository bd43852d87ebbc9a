package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where early data travels, and in which alphabet: S3 to S7; what the server tells about it: S19. */
@ExtendWith(LeakCheck.class)
class EarlyDataRulesTest {
    private static final String PROTOCOL = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;

    private static RawHandshake withHeader(String name, String value) {
        return RawHandshake.to("/tunnel").add(name, value);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void s3_headerCarriesEarlyData() throws Exception {
        try (FilteredSite server = FilteredSite.headerMode("X-Early")) {
            FilteredSite.Delivery delivery = server.deliver(withHeader("x-early", "aGVsbG8"));
            assertThat(delivery.bytes()).isEqualTo(Bytes.utf8("hello"));
            assertThat(delivery.request().earlyDataLength()).isEqualTo(5);
            assertThat(delivery.request().headers())
                    .doesNotContainKey("X-Early")
                    .containsKey("Host");
            assertThat(delivery.response().header("X-Early")).isNull();
        }
    }

    @Test
    void s3_headerNameAloneSwitchesHeaderModeOn() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .earlyDataHeaderName("X-Early")
                .build();
        try (FilteredSite server = FilteredSite.start(options)) {
            assertThat(server.deliver(withHeader("X-Early", "aGVsbG8")).bytes()).isEqualTo(Bytes.utf8("hello"));
        }
    }

    @Test
    void s3_headerMayBeAbsentOrEmpty() throws Exception {
        try (FilteredSite server = FilteredSite.headerMode("X-Early")) {
            FilteredSite.Delivery absent = server.deliver(RawHandshake.to("/tunnel"));
            assertThat(absent.bytes()).isEmpty();
            assertThat(absent.request().earlyDataLength()).isZero();
            assertThat(server.deliver(withHeader("X-Early", "")).bytes()).isEmpty();
        }
    }

    @Test
    void s3_pathHasToBeEqualAndQueryIsIgnored() throws Exception {
        try (FilteredSite server = FilteredSite.headerMode("X-Early")) {
            server.assertSiteAnswers(RawHandshake.to("/tunnelaGVsbG8").add("X-Early", "aGVsbG8"), "/tunnelaGVsbG8");
            assertThat(server.deliver(RawHandshake.to("/tunnel?ed=2048").add("X-Early", "aGVsbG8"))
                            .bytes())
                    .isEqualTo(Bytes.utf8("hello"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/tunnel,/tunnelaGVsbG8,hello",
        "/tunnel,/tunnel,''",
        "/tunnel/,/tunnel/aGVsbG8,hello",
        "/,/aGVsbG8,hello",
        "/,/,''",
        "/tunnel,/tunnelaGVsbG8?ignored=1,hello",
        "/tunnel,/tunnel?aGVsbG8,''"
    })
    void s4_restOfThePathIsEarlyData(String path, String target, String text) throws Exception {
        try (FilteredSite server = FilteredSite.pathMode(path)) {
            FilteredSite.Delivery delivery = server.deliver(RawHandshake.to(target));
            assertThat(Bytes.utf8(delivery.bytes())).isEqualTo(text);
            assertThat(delivery.request().earlyDataLength()).isEqualTo(text.length());
            assertThat(delivery.request().path()).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tunne", "/Tunnel", "/", "/t%75nnel", "/x/tunnelaGVsbG8"})
    void s4_otherPathsAreNoTunnel(String target) throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            server.assertSiteAnswers(target);
        }
    }

    @Test
    void s4_earlyDataIsFoundBelowTheContextPath() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(5)
                .build();
        try (FilteredSite server = FilteredSite.start(options, filter -> {}, jetty -> jetty.contextPath("/app"))) {
            assertThat(server.text("/app/tunnelaGVsbG8")).isEqualTo("hello");
        }
    }

    /**
     * v2ray appends to the configured path as a whole; v2ws's client, and sing-box where it works, before the query.
     */
    @ParameterizedTest
    @CsvSource({
        "/tunnel?ed=2048aGVsbG8,hello",
        "/tunnelaGVsbG8?ed=2048,hello",
        "/tunnel?ed=2048,''",
        "/tunnel?ed=2048/8,'\u00ff'"
    })
    void s4_queryInTheConfiguredPath(String target, String text) throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel?ed=2048")) {
            assertThat(server.deliver(RawHandshake.to(target)).bytes())
                    .isEqualTo(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/tunnel", "/tunnel?ed=1024", "/tunnelaGVsbG8", "/tunnelaGVsbG8?ed=20480", "/tunnel?x&ed=2048"})
    void s4_queryInTheConfiguredPathHasToMatch(String target) throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel?ed=2048")) {
            server.assertSiteAnswers(target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-_8", "-_8=", "+/8", "+/8=", "-/8", "+_8="})
    void s5_bothAlphabetsWithAndWithoutPadding(String text) throws Exception {
        byte[] expected = {(byte) 0xfb, (byte) 0xff};
        try (FilteredSite server = FilteredSite.headerMode("X-Early")) {
            assertThat(server.deliver(withHeader("X-Early", text)).bytes()).isEqualTo(expected);
        }
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            assertThat(server.deliver(RawHandshake.to("/tunnel" + text)).bytes())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"QQ==,A", "QQ,A", "QUI=,AB", "QUI,AB", "QUJD,ABC"})
    void s5_everyLengthOfPadding(String text, String expected) throws Exception {
        try (FilteredSite server = FilteredSite.headerMode("X-Early")) {
            assertThat(Bytes.utf8(server.deliver(withHeader("X-Early", text)).bytes()))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AAAAAAAAAAAAAAA!",
                "A",
                "AAAAA",
                "AA=A",
                "AAA===",
                "aGVs bG8",
                "aGVsbG8,aGVsbG8",
                "aGVsbG8.",
                "%2D_"
            })
    void s6_undecodableEarlyDataIsRejectedWith400(String text) throws Exception {
        try (FilteredSite server = FilteredSite.headerMode(PROTOCOL)) {
            RawResponse response = server.refused(withHeader(PROTOCOL, text));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers()).doesNotContainKeys("Upgrade", PROTOCOL);
            assertThat(response.header("Content-Length")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "A", "AAAAA", "/", "%2D_", ";jsessionid=1", "aGVsbG8/index.html", "~", "=AAA"})
    void s6_undecodableRestOfThePathIsRejectedWith400(String rest) throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            assertThat(server.refused(RawHandshake.to("/tunnel" + rest)).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void s6_visitorOfAnUndecodablePathSeesTheSite() throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            server.assertSiteAnswers(
                    RawHandshake.raw("GET /tunnel/index.html HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                    "/tunnel/index.html");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGVsbG8", "QQ==", "+/-_", "chat"})
    void s7_subprotocolIsEchoedVerbatim(String text) throws Exception {
        try (FilteredSite server = FilteredSite.headerMode("sec-websocket-protocol")) {
            RawResponse response = server.deliver(withHeader(PROTOCOL, text)).response();
            assertThat(response.all(PROTOCOL)).containsExactly(text);
        }
    }

    @Test
    void s7_nothingIsEchoedWhereNothingWasOffered() throws Exception {
        try (FilteredSite server = FilteredSite.headerMode(PROTOCOL)) {
            assertThat(server.deliver(RawHandshake.to("/tunnel")).response().all(PROTOCOL))
                    .isEmpty();
        }
    }

    /** A server may accept none of the protocols that were offered (RFC 6455, 4.2.2). */
    @Test
    void s7_subprotocolIsNotEchoedInOtherModes() throws Exception {
        for (FilteredSite mode : List.of(
                FilteredSite.plain("/tunnel"), FilteredSite.pathMode("/tunnel"), FilteredSite.headerMode("X-Early"))) {
            try (mode) {
                FilteredSite.Delivery delivery = mode.deliver(withHeader(PROTOCOL, "aGVsbG8"));
                assertThat(delivery.response().all(PROTOCOL)).isEmpty();
                assertThat(delivery.bytes()).isEmpty();
                assertThat(delivery.request().headers()).containsEntry(PROTOCOL, List.of("aGVsbG8"));
            }
        }
    }

    @Test
    void s5_everyByteValueSurvivesInBothModes() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            assertThat(server.deliver(RawHandshake.to("/tunnel" + base64url(all)))
                            .bytes())
                    .isEqualTo(all);
        }
        try (FilteredSite server = FilteredSite.headerMode(PROTOCOL)) {
            assertThat(server.deliver(withHeader(PROTOCOL, base64url(all))).bytes())
                    .isEqualTo(all);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,'',/tunnel,,0,''",
        "0,'',/tunnel,aGVsbG8,0,''",
        "2048,'',/tunnelaGVsbG8,,1,hello",
        "2048,'',/tunnel,aGVsbG8,1,''",
        "2048,X-Early,/tunnel,aGVsbG8,3,hello",
        "2048,X-Other,/tunnel,aGVsbG8,3,''",
        "2048,Sec-WebSocket-Protocol,/tunnel,aGVsbG8,2,''",
    })
    void s19_aServerTellsAV2wsClientWhereItReadsEarlyDataAndWhatItTook(
            int max, String header, String target, String value, int place, String taken) throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(max)
                .earlyDataHeaderName(header)
                .build();
        for (WebSocketEngine engine : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
            try (FilteredSite server = FilteredSite.start(options, filter -> filter.engine(engine), jetty -> {})) {
                RawHandshake announced = RawHandshake.to(target).halfCloseKey();
                RawHandshake other = RawHandshake.to(target).keyWithoutHalfClose();
                for (RawHandshake request : List.of(announced, other)) {
                    if (value != null) {
                        request.add("X-Early", value);
                    }
                    try (RawWebSocketPeer peer = server.connect()) {
                        assertThat(peer.upgrade(request).header("X-Request-Id"))
                                .isEqualTo(RawHandshake.earlyDataReceipt(request.key(), place, Bytes.utf8(taken)));
                    }
                }
            }
        }
    }

    @Test
    void s19_theEchoedSubprotocolTellsItAlone() throws Exception {
        try (FilteredSite server = FilteredSite.headerMode(PROTOCOL)) {
            RawHandshake request = withHeader(PROTOCOL, "aGVsbG8").keyWithoutHalfClose();
            RawResponse response = server.deliver(request).response();
            assertThat(response.header(PROTOCOL)).isEqualTo("aGVsbG8");
            assertThat(response.header("X-Request-Id")).isNull();
        }
    }

    @Test
    void s19_noOtherPeerSeesAnything() throws Exception {
        try (FilteredSite server = FilteredSite.pathMode("/tunnel")) {
            RawResponse response =
                    server.deliver(RawHandshake.to("/tunnelaGVsbG8")).response();
            assertThat(response.header("X-Request-Id")).isNull();
        }
    }

    @Test
    void s19_anIdThatTheOperatorConfiguredStays() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .headers(Map.of("X-Request-Id", List.of("mine")))
                .build();
        try (FilteredSite server = FilteredSite.start(options);
                RawWebSocketPeer peer = server.connect()) {
            RawHandshake request = RawHandshake.to("/tunnel").halfCloseKey();
            RawResponse response = peer.upgrade(request);
            assertThat(response.headers().get("X-Request-Id"))
                    .containsExactly("mine", RawHandshake.earlyDataReceipt(request.key(), 0, new byte[0]));
        }
    }
}
