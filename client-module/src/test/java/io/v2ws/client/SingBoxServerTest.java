package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.SingBoxConversation;
import io.v2ws.testing.SingBoxConversation.Part;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The very bytes that a sing-box server sent, in every mode; in header mode it echoes no subprotocol. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class SingBoxServerTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    static Stream<Arguments> conversations() {
        return Arrays.stream(SingBoxConversation.values())
                .flatMap(conversation -> Stream.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)
                        .map(engine -> Arguments.of(conversation, engine)));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void clientTakesTheAnswerAndTheWholeStream(SingBoxConversation conversation, WebSocketEngine engine)
            throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportOptions options = ClientFixture.options()
                .maxEarlyData(conversation.maxEarlyData())
                .earlyDataHeaderName(conversation.earlyDataHeaderName())
                .build();
        try (WebSocketTransportClient client =
                fixture.builder(server.url()).options(options).engine(engine).build()) {
            CompletableFuture<WebSocketStream> connecting = client.connect();
            CompletableFuture<Void> written =
                    connecting.thenCompose(stream -> Streams.startWrite(stream, Bytes.utf8("question")));
            PeerServer.Tunnel tunnel = server.acceptRequest();
            answer(conversation, tunnel);
            Streams.get(written);

            WebSocketStream stream = Streams.get(connecting);
            byte[] expected = conversation.bytes(Part.SERVER_STREAM);
            assertThat(Streams.read(stream, expected.length)).isEqualTo(expected);
            Content.Chunk end = Streams.nextChunk(stream);
            assertThat(Content.Chunk.isFailure(end)).isFalse();
            assertThat(end.isLast()).isTrue();
        }
    }

    /** Sends what sing-box sent, all in one segment, with the one value in it that depends on the request. */
    private static void answer(SingBoxConversation conversation, PeerServer.Tunnel tunnel) throws Exception {
        byte[] wire = conversation.bytes(Part.SERVER);
        String head = SingBoxConversation.head(wire);
        String accept = RawHandshake.acceptFor(tunnel.request().header("Sec-WebSocket-Key"));
        tunnel.peer()
                .respond(
                        head.replaceFirst("(?<=Sec-WebSocket-Accept: )\\S+", accept),
                        Arrays.copyOfRange(wire, head.length(), wire.length));
    }
}
