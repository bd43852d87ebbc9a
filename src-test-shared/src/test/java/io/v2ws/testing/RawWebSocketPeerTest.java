package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The raw peer against itself, and its bytes against those printed in RFC 6455. */
@ExtendWith(LeakCheck.class)
class RawWebSocketPeerTest {

    private ServerSocket listener;
    private RawWebSocketPeer client;
    private RawWebSocketPeer server;

    @BeforeEach
    void connect() throws Exception {
        listener = new ServerSocket();
        listener.bind(Sockets.loopback(0));
        client = RawWebSocketPeer.connect(listener.getLocalPort());
        server = RawWebSocketPeer.accept(listener.accept());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void acceptValueIsThatOfTheRfcsExample() {
        assertThat(RawHandshake.acceptFor("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void framesAreThoseOfTheRfcsExamples() {
        byte[] key = {0x37, (byte) 0xfa, 0x21, 0x3d};
        assertThat(FrameBytes.text("Hello").bytes()).containsExactly(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f);
        assertThat(FrameBytes.text("Hello").masked(key).bytes())
                .containsExactly(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
        assertThat(FrameBytes.text("Hel").fin(false).bytes()).containsExactly(0x01, 0x03, 0x48, 0x65, 0x6c);
        assertThat(FrameBytes.binary(new byte[256]).bytes()).startsWith(0x82, 0x7E, 0x01, 0x00);
        assertThat(FrameBytes.binary(new byte[65_536]).bytes()).startsWith(0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0);
    }

    @Test
    void illegalFramesCanBeMade() {
        assertThat(FrameBytes.of(3).rsv(5).bytes()).containsExactly(0xD3, 0x00);
        assertThat(FrameBytes.binary().lengthBits(16).bytes()).containsExactly(0x82, 126, 0, 0);
        assertThat(FrameBytes.binary().declaredLength(Long.MIN_VALUE).bytes())
                .containsExactly(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0);
        assertThat(FrameBytes.binary((byte) 7).headerOnly().bytes()).containsExactly(0x82, 1);
    }

    @Test
    void handshakeWithFramesBehindItArrivesOnBothSides() throws Exception {
        RawHandshake request = RawHandshake.to("/tunnel?x").add("X-Test", "1").without("host");
        client.send(request.bytes(), FrameBytes.binary((byte) 1).masked().bytes());
        RawRequest received = server.readRequestHead();
        server.acceptUpgrade(
                received, List.of("X-Reply: 2"), server.frame(2, (byte) 3).bytes());
        RawResponse response = client.readResponseHead();

        assertThat(received.target()).isEqualTo("/tunnel?x");
        assertThat(received.header("x-test")).isEqualTo("1");
        assertThat(received.header("Host")).isNull();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.reason()).isEqualTo("Switching Protocols");
        assertThat(response.header("sec-websocket-accept")).isEqualTo(RawHandshake.acceptFor(request.key()));
        assertThat(response.header("x-reply")).isEqualTo("2");
        assertThat(server.readBinary(1)).containsExactly(1);
        assertThat(client.readBinary(1)).containsExactly(3);
    }

    @Test
    void refusalIsReadWithItsBody() throws Exception {
        server.respond("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
        RawResponse response = client.handshake(RawHandshake.raw("nonsense\r\n\r\n"));
        assertThat(response.status()).isEqualTo(400);
        assertThat(client.readBody(response)).isEqualTo("no");

        server.respond("HTTP/1.1 503 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nye\r\n1\r\ns\r\n0\r\n\r\n");
        assertThat(client.readBody(client.readResponseHead())).isEqualTo("yes");
        server.respond("HTTP/1.1 200 OK\r\n\r\nall");
        server.shutdownOutput();
        assertThatThrownBy(() -> client.upgrade("/")).hasMessageContaining("200 OK");
        assertThat(client.readBody(new RawResponse(200, "", Map.of(), ""))).isEqualTo("all");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65_535, 65_536})
    void framesOfEveryLengthFormArriveBothWays(int length) throws Exception {
        byte[] payload = Bytes.random(1, length);
        client.sendBinary(payload);
        RawFrame up = server.readFrame();
        server.sendBinary(payload);
        RawFrame down = client.readFrame();

        assertThat(up.masked()).isTrue();
        assertThat(up.fin()).isTrue();
        assertThat(up.opcode()).isEqualTo(FrameBytes.BINARY);
        assertThat(up.payload()).isEqualTo(payload);
        assertThat(down.masked()).isFalse();
        assertThat(down.payload()).isEqualTo(payload);
    }

    @Test
    void streamIsPutTogetherAcrossFramesAndOtherMessages() throws Exception {
        server.send(
                FrameBytes.binary((byte) 1, (byte) 2).fin(false),
                FrameBytes.of(FrameBytes.PING, (byte) 9),
                FrameBytes.of(FrameBytes.CONTINUATION, (byte) 3),
                FrameBytes.text("te").fin(false),
                FrameBytes.of(FrameBytes.CONTINUATION, (byte) 'x'),
                FrameBytes.binary((byte) 4, (byte) 5),
                FrameBytes.close(1000, "bye"));
        assertThat(client.readBinary(4)).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> client.expectClose(1000)).hasMessageContaining("1 unread bytes");
        assertThat(client.readBinary(1)).containsExactly(5);
        assertThat(client.expectClose(1000).closeReason()).isEqualTo("bye");
    }

    @Test
    void wrongCloseAndMissingBytesFailLoudly() throws Exception {
        client.sendBinary((byte) 1);
        client.sendClose(1011, "broken");
        assertThatThrownBy(() -> server.readBinary(2))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code=1011")
                .hasMessageContaining("broken");
        client.send(client.frame(FrameBytes.CLOSE));
        assertThatThrownBy(() -> server.expectClose(1000)).hasMessageContaining("1005");
    }

    @Test
    void endAndResetAreToldApart() throws Exception {
        client.shutdownOutput();
        assertThat(server.readFrame()).isNull();
        server.expectEof();
        server.reset();
        assertThatThrownBy(client::readFrame).isInstanceOf(SocketException.class);
    }

    @Test
    void endInsideAFrameIsNoEnd() throws Exception {
        client.send(FrameBytes.binary(new byte[5]).declaredLength(6));
        client.shutdownOutput();
        assertThatThrownBy(server::readFrame).isInstanceOf(EOFException.class).hasMessageContaining("5 of 6");
        server.reset();
        client.expectReset();
    }

    @Test
    void stuckReadsAndWritesFailInsteadOfHanging() throws Exception {
        client.setTimeoutMillis(200);
        assertThatThrownBy(client::readFrame).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> client.send(new byte[64 << 20])).isInstanceOf(SocketTimeoutException.class);
    }
}
