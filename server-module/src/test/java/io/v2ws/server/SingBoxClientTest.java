package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.UpgradeDecision.Accept;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SingBoxConversation;
import io.v2ws.testing.SingBoxConversation.Part;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The very bytes that a sing-box client sent, in every mode. */
@ExtendWith(LeakCheck.class)
class SingBoxClientTest {
    /** sing-box sends the head of VLESS early, its payload is in the first frame. */
    private static final int VLESS_HEAD = 26;

    private static WebSocketTransportOptions options(SingBoxConversation conversation) {
        return WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(conversation.maxEarlyData())
                .earlyDataHeaderName(conversation.earlyDataHeaderName())
                .build();
    }

    private static byte[] earlyData(SingBoxConversation conversation) {
        int length = conversation == SingBoxConversation.NONE ? 0 : VLESS_HEAD;
        return Arrays.copyOf(conversation.bytes(Part.CLIENT_STREAM), length);
    }

    /** The value of a header line of a head. */
    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @EnumSource
    void matcherFindsTheEarlyData(SingBoxConversation conversation) {
        String head = SingBoxConversation.head(conversation.bytes(Part.CLIENT));
        Requests request = Requests.upgrade(head.split(" ")[1]);
        head.lines().skip(1).filter(line -> line.contains(": ")).forEach(line -> {
            String[] parts = line.split(": ", 2);
            request.with(parts[0], parts[1]);
        });
        UpgradeDecision decision =
                new UpgradeMatcher(options(conversation), new HostList(List.of())).decide(request.head());
        assertThat(decision).isInstanceOf(Accept.class);
        assertThat(((Accept) decision).earlyData()).isEqualTo(earlyData(conversation));
    }

    static Stream<Arguments> conversations() {
        return Arrays.stream(SingBoxConversation.values())
                .flatMap(conversation -> Stream.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)
                        .map(engine -> Arguments.of(conversation, engine)));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void filterDeliversTheWholeStream(SingBoxConversation conversation, WebSocketEngine engine) throws Exception {
        byte[] wire = conversation.bytes(Part.CLIENT);
        String head = SingBoxConversation.head(wire);
        try (FilteredSite server =
                        FilteredSite.start(options(conversation), filter -> filter.engine(engine), jetty -> {});
                RawWebSocketPeer peer = server.connect()) {
            RawResponse response =
                    peer.handshake(RawHandshake.raw(head), Arrays.copyOfRange(wire, head.length(), wire.length));
            assertThat(response.status()).as(response.head()).isEqualTo(101);
            assertThat(response.header("Sec-WebSocket-Accept"))
                    .isEqualTo(RawHandshake.acceptFor(header(head, "Sec-WebSocket-Key")));
            assertThat(response.header("Sec-WebSocket-Protocol")).isEqualTo(header(head, "Sec-WebSocket-Protocol"));
            peer.expectClose(1000);
            RecordingHandler.Tunnel tunnel = server.handler().next();
            assertThat(tunnel.request().earlyDataLength()).isEqualTo(earlyData(conversation).length);
            assertThat(tunnel.bytes()).isEqualTo(conversation.bytes(Part.CLIENT_STREAM));
        }
    }
}
