package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.config.ServeConfig;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The answer to an upgrade and the first frame behind it go out together, and nothing gets lost or out of order. */
@ExtendWith(LeakCheck.class)
class HeldAnswerTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    /** What went to the socket, one element for each write. */
    private final List<String> writes = new ArrayList<>();

    /** What the socket takes of a write. */
    private int room = Integer.MAX_VALUE;

    private final HeldAnswer answer = new HeldAnswer(this::take);

    private boolean take(ByteBuffer... buffers) {
        StringBuilder taken = new StringBuilder();
        boolean all = true;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining() && taken.length() < room) {
                taken.append((char) buffer.get());
            }
            all &= !buffer.hasRemaining();
        }
        writes.add(taken.toString());
        return all;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theAnswerToAnUpgradeGoesOutWithWhatFollowsIt() throws Exception {
        answer.expect(true);

        assertThat(answer.flush(bytes("HEAD"), bytes("ER"))).isTrue();
        assertThat(writes).isEmpty();
        assertThat(answer.flush(bytes("frame"), bytes("data"))).isTrue();
        answer.release();
        assertThat(answer.flush(bytes("more"))).isTrue();

        assertThat(writes).containsExactly("HEADERframedata", "more");
    }

    @Test
    void anAnswerThatNothingFollowsGoesOutWhenItIsReleased() throws Exception {
        answer.expect(true);
        answer.flush(bytes("HEADER"));
        answer.release();
        answer.flush(bytes("frame"));

        assertThat(writes).containsExactly("HEADER", "frame");
    }

    @Test
    void anotherAnswerGoesOutAtOnce() throws Exception {
        answer.expect(true);
        answer.expect(false);
        answer.flush(bytes("HEADER"));
        answer.flush(bytes("body"));

        assertThat(writes).containsExactly("HEADER", "body");
    }

    @Test
    void aLongAnswerGoesOutAtOnce() throws Exception {
        String header = "H".repeat(5000);
        answer.expect(true);
        answer.flush(bytes(header));
        answer.flush(bytes("frame"));

        assertThat(writes).containsExactly(header, "frame");
    }

    @Test
    void aSocketThatTakesLittleGetsAllOfItInOrder() throws Exception {
        ByteBuffer frame = bytes("frame");
        answer.expect(true);
        answer.flush(bytes("HEADER"));
        room = 4;
        int times = 0;
        while (!answer.flush(frame)) {
            times++;
        }
        room = Integer.MAX_VALUE;
        answer.flush(bytes("more"));

        assertThat(times).isEqualTo(2);
        assertThat(String.join("", writes)).isEqualTo("HEADERframemore");
    }

    @Test
    void aSocketThatDoesNotEvenTakeTheAnswerIsAnError() throws Exception {
        answer.expect(true);
        answer.flush(bytes("HEADER"));
        room = 4;

        assertThatThrownBy(answer::release).isInstanceOf(IOException.class);
    }

    /** One write is one segment here, and is read at once. */
    @Test
    void theServerSendsItsAnswerAndTheEmptyTextTogether() throws Exception {
        ServeConfig.Tunnel tunnel = ServeConfig.Tunnel.of(
                WebSocketTransportOptions.builder().path("/t").build());
        try (TunnelServer server = TunnelServer.start(new TunnelServer.Settings(
                        new HostAndPort("127.0.0.1", 0), null, List.of(tunnel), WebSocketEngine.DIRECT, LONG, LONG));
                Socket client = new Socket("127.0.0.1", server.port())) {
            client.getOutputStream().write(RawHandshake.to("/t").halfCloseKey().bytes());
            byte[] read = new byte[8192];
            int length = client.getInputStream().read(read);

            assertThat(new String(read, 0, length, StandardCharsets.ISO_8859_1)).endsWith("\r\n\r\n\u0081\0");
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of(WebSocketEngine.values())
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
        ServeConfig.Tunnel tunnel = new ServeConfig.Tunnel(
                WebSocketTransportOptions.builder()
                        .path("/t")
                        .maxEarlyData(8192)
                        .earlyDataHeaderName(header)
                        .halfClose(halfClose)
                        .build(),
                Optional.empty(),
                List.of(),
                List.of());
        RawHandshake request = RawHandshake.to("/t").halfCloseKey();
        try (TunnelServer server = TunnelServer.start(new TunnelServer.Settings(
                        new HostAndPort("127.0.0.1", 0), null, List.of(tunnel), engine, LONG, LONG));
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
