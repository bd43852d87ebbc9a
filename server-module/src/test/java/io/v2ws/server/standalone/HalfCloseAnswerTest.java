package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The server's half of the half-close agreement: 101, then the empty text message, then data (F9). */
@ExtendWith(LeakCheck.class)
class HalfCloseAnswerTest {

    static Stream<Arguments> servers() {
        return Stream.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)
                .flatMap(engine -> Stream.of(true, false)
                        .flatMap(halfClose ->
                                Stream.of(0, 100, 6000).map(earlyData -> Arguments.of(engine, halfClose, earlyData))));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void f9_aClientThatAnnouncesHalfCloseGetsTheAnswerThenTheEmptyTextThenData(
            WebSocketEngine engine, boolean halfClose, int earlyData) throws Exception {
        byte[] early = Bytes.random(3, earlyData);
        byte[] later = Bytes.random(4, 70_000);
        String header = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/t")
                .maxEarlyData(8192)
                .earlyDataHeaderName(header)
                .halfClose(halfClose)
                .build();
        RawHandshake request = RawHandshake.to("/t").halfCloseKey();
        try (TunnelServer server = TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                        .tunnel(Tunnel.handle(options, new EchoHandler()))
                        .engine(engine)
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            peer.upgrade(
                    earlyData == 0
                            ? request
                            : request.add(
                                    header,
                                    Base64.getUrlEncoder().withoutPadding().encodeToString(early)));
            if (halfClose) {
                assertThat(peer.expectFrame(FrameBytes.TEXT).payload()).isEmpty();
            }
            assertThat(peer.readBinary(early.length)).isEqualTo(early);
            peer.sendBinary(later);
            assertThat(peer.readBinary(later.length)).isEqualTo(later);
        }
    }
}
