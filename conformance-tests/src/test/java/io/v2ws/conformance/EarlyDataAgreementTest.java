package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.EarlyDataAnswer;
import io.v2ws.client.HandshakeException;
import io.v2ws.client.HandshakeListener;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** S19 and C25: a v2ws client and a v2ws server whose options for early data differ. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class EarlyDataAgreementTest {
    private static final String PROTOCOL = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;
    private static final String BYTES = "early data, and more than that";

    private static WebSocketTransportOptions options(int max, String header) {
        return WebSocketTransportOptions.builder()
                .path("/t")
                .maxEarlyData(max)
                .earlyDataHeaderName(header)
                .build();
    }

    private static Stream<Arguments> onEachEngine(Arguments... pairs) {
        List<Arguments> all = new ArrayList<>();
        for (WebSocketEngine server : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
            for (WebSocketEngine client : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
                for (Arguments pair : pairs) {
                    List<Object> values = new ArrayList<>(List.of(server, client));
                    values.addAll(List.of(pair.get()));
                    all.add(Arguments.of(values.toArray()));
                }
            }
        }
        return all.stream();
    }

    static Stream<Arguments> thatAgree() {
        return onEachEngine(
                Arguments.of(options(16, ""), options(16, "")),
                Arguments.of(options(16, ""), options(2048, "")),
                Arguments.of(options(16, PROTOCOL), options(2048, PROTOCOL)),
                Arguments.of(options(0, PROTOCOL), options(16, "sec-websocket-protocol")),
                Arguments.of(options(16, "X-Early"), options(2048, "x-early")),
                Arguments.of(options(0, "X-Early"), options(2048, "X-Early")));
    }

    @ParameterizedTest(name = "{0} server, {1} client, {2}, {3}")
    @MethodSource("thatAgree")
    void s19_aServerConfirmsTheEarlyDataInEveryMode(
            WebSocketEngine serverEngine,
            WebSocketEngine clientEngine,
            WebSocketTransportOptions server,
            WebSocketTransportOptions client)
            throws Exception {
        for (boolean halfClose : new boolean[] {true, false}) {
            Ends ends = new Ends(serverEngine, clientEngine, server, client, halfClose);
            try (ends) {
                assertThat(ends.echo()).isEqualTo(BYTES);
                assertThat(ends.told).containsExactly(EarlyDataAnswer.TAKEN);
            }
        }
    }

    static Stream<Arguments> thatDiffer() {
        return onEachEngine(
                Arguments.of(options(0, ""), options(16, PROTOCOL), "takes no early data", "max_early_data to 0"),
                Arguments.of(options(0, ""), options(2048, "X-Early"), "takes no early data", "max_early_data to 0"),
                Arguments.of(options(16, ""), options(16, PROTOCOL), "in the path", "remove early_data_header_name"),
                Arguments.of(options(16, ""), options(2048, "X-Early"), "in the path", "remove early_data_header_name"),
                Arguments.of(
                        options(16, PROTOCOL),
                        options(16, "X-Early"),
                        "in the header Sec-WebSocket-Protocol",
                        "early_data_header_name to Sec-WebSocket-Protocol"),
                Arguments.of(
                        options(0, "X-Early"),
                        options(16, PROTOCOL),
                        "in another header",
                        "set early_data_header_name here as it is on the server"),
                Arguments.of(
                        options(16, "X-Early"),
                        options(16, "X-First"),
                        "in another header",
                        "set early_data_header_name here as it is on the server"));
    }

    @ParameterizedTest(name = "{0} server, {1} client, {2}, {3}")
    @MethodSource("thatDiffer")
    void c25_earlyDataThatTheServerDidNotTakeFailsTheTunnel(
            WebSocketEngine serverEngine,
            WebSocketEngine clientEngine,
            WebSocketTransportOptions server,
            WebSocketTransportOptions client,
            String expected,
            String todo)
            throws Exception {
        for (boolean halfClose : new boolean[] {true, false}) {
            Ends ends = new Ends(serverEngine, clientEngine, server, client, halfClose);
            try (ends) {
                HandshakeException refused = catchThrowableOfType(HandshakeException.class, ends::echo);
                assertThat(refused)
                        .hasMessageContaining("the server did not take the early data (this client sends it in the"
                                + " header " + client.earlyDataHeaderName() + ", the server ");
                assertThat(refused.status()).isEqualTo(101);
                assertThat(refused.hint()).contains(expected, todo);
                assertThat(ends.told).containsExactly(EarlyDataAnswer.NOT_TAKEN);
            }
        }
    }

    static Stream<Arguments> inThePathForNobody() {
        return onEachEngine(
                Arguments.of(options(0, ""), options(16, "")),
                Arguments.of(options(0, "X-Early"), options(16, "")),
                Arguments.of(options(16, PROTOCOL), options(2048, "")));
    }

    @ParameterizedTest(name = "{0} server, {1} client, {2}, {3}")
    @MethodSource("inThePathForNobody")
    void c25_earlyDataInThePathOfAServerWithAnotherPlaceIsRefusedWith404(
            WebSocketEngine serverEngine,
            WebSocketEngine clientEngine,
            WebSocketTransportOptions server,
            WebSocketTransportOptions client)
            throws Exception {
        try (Ends ends = new Ends(serverEngine, clientEngine, server, client, true)) {
            HandshakeException refused = catchThrowableOfType(HandshakeException.class, ends::echo);
            // The ordinary site of the fixture answers, as S8 says.
            assertThat(refused.status()).isEqualTo(200);
            assertThat(ends.told).isEmpty();
        }
    }

    static Stream<Arguments> thatBringBytesNobodySent() {
        return onEachEngine(
                Arguments.of(
                        options(16, ""),
                        options(0, "").toBuilder().path("/tunnels").build()),
                Arguments.of(
                        options(16, "X-Early"),
                        options(0, "").toBuilder()
                                .headers(Map.of("X-Early", List.of("abcd")))
                                .build()));
    }

    @ParameterizedTest(name = "{0} server, {1} client, {2}, {3}")
    @MethodSource("thatBringBytesNobodySent")
    void c25_bytesThatTheServerTookAlthoughNobodySentThemFailTheTunnel(
            WebSocketEngine serverEngine,
            WebSocketEngine clientEngine,
            WebSocketTransportOptions server,
            WebSocketTransportOptions client)
            throws Exception {
        try (Ends ends = new Ends(serverEngine, clientEngine, server, client, true)) {
            HandshakeException refused = catchThrowableOfType(HandshakeException.class, ends::echo);
            assertThat(refused).hasMessageContaining("the server took bytes for early data, but none were sent");
        }
    }

    /** A server that echoes, and a client of it. */
    private static final class Ends implements AutoCloseable {
        final List<EarlyDataAnswer> told = new ArrayList<>();
        private final EmbeddedJetty jetty;
        private final WebSocketTransportClient client;

        Ends(
                WebSocketEngine serverEngine,
                WebSocketEngine clientEngine,
                WebSocketTransportOptions server,
                WebSocketTransportOptions client,
                boolean halfClose)
                throws IOException {
            jetty = EmbeddedJetty.builder()
                    .filter(WebSocketUpgradeFilter.builder(server, new EchoHandler())
                            .engine(serverEngine)
                            .build())
                    .start();
            this.client = WebSocketTransportClient.builder("ws://127.0.0.1:" + jetty.port())
                    .options(client.toBuilder().halfClose(halfClose).build())
                    .engine(clientEngine)
                    .handshakeListener(new HandshakeListener() {
                        @Override
                        public void onEarlyData(EarlyDataAnswer answer) {
                            told.add(answer);
                        }
                    })
                    .build();
        }

        /** Sends bytes in one write and returns what comes back. */
        String echo() throws Exception {
            try (WebSocketStream stream = connect()) {
                stream.asOutputStream().write(Bytes.utf8(BYTES));
                return Bytes.utf8(stream.asInputStream().readNBytes(BYTES.length()));
            }
        }

        private WebSocketStream connect() throws Exception {
            try {
                return client.connect().get(10, TimeUnit.SECONDS);
            } catch (ExecutionException x) {
                throw x.getCause() instanceof IOException io ? io : x;
            }
        }

        @Override
        public void close() {
            client.close();
            jetty.close();
        }
    }
}
