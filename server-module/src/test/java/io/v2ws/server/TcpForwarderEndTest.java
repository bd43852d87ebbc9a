package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the end of one side of a forwarded tunnel, in order or not, reaches the other: F4 and F5. */
@ExtendWith(LeakCheck.class)
class TcpForwarderEndTest {
    /** So that not every test waits for a reset that is held back. */
    private static final WebSocketTransportOptions SHORT_DELAY =
            ForwardingServer.options().resetDelay(Duration.ofMillis(200)).build();

    private static void awaitReceived(Upstream upstream, String text) {
        await().untilAsserted(() -> assertThat(upstream.received()).isEqualTo(text));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void f4_closeInOrderIsTheEndOfTheInput(boolean withCode) throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            peer.sendBinary(Bytes.utf8("all"));
            peer.send(peer.frame(FrameBytes.CLOSE, withCode ? new byte[] {3, (byte) 0xe8} : new byte[0]));
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).isEqualTo("all");
            peer.expectFrame(FrameBytes.CLOSE);
            peer.expectEof();
        }
    }

    @Test
    void f5_resetOfTheServiceIsClose1011() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            upstream.socket();
            upstream.reset();
            assertThat(peer.expectClose(1011).closeReason()).isEmpty();
            peer.sendClose(1011, "");
            peer.expectEof();
        }
    }

    @Test
    void f5_resetOfTheServiceWhileDataFlowsIsClose1011() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.openWithHalfClose()) {
            peer.sendBinary(Bytes.random(1, 100_000));
            await().until(() -> upstream.received().length() == 100_000);
            peer.sendBinary(Bytes.random(2, 1_000));
            upstream.reset();
            peer.expectClose(1011);
        }
    }

    @Test
    void f5_resetOfTheClientIsAReset() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port(), SHORT_DELAY)) {
            RawWebSocketPeer peer = server.open();
            peer.sendBinary(Bytes.utf8("part"));
            awaitReceived(upstream, "part");
            peer.reset();
            assertThat(upstream.inputEnd()).isEqualTo("reset");
        }
    }

    @Test
    void f5_aResetIsHeldBackNoLongerThanTheOptionSays() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port(), SHORT_DELAY)) {
            RawWebSocketPeer peer = server.open();
            peer.sendBinary(Bytes.utf8("part"));
            awaitReceived(upstream, "part");
            peer.reset();
            await().atMost(WebSocketTransportOptions.DEFAULT_RESET_DELAY.minusSeconds(1))
                    .until(upstream::hasInputEnded);
            assertThat(upstream.inputEnd()).isEqualTo("reset");
        }
    }

    @Test
    void f5_finOfTheClientWithoutCloseIsAFin() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            peer.sendBinary(Bytes.utf8("part"));
            awaitReceived(upstream, "part");
            peer.shutdownOutput();
            assertThat(upstream.inputEnd()).isEqualTo("end");
        }
    }

    @Test
    void f5_endInsideAFrameIsAReset() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            peer.send(peer.frame(FrameBytes.BINARY, Bytes.utf8("part")).declaredLength(1_000));
            peer.shutdownOutput();
            assertThat(upstream.inputEnd()).isEqualTo("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 4999})
    void f5_anyOtherCloseCodeIsAReset(int code) throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port(), SHORT_DELAY);
                RawWebSocketPeer peer = server.open()) {
            peer.sendBinary(Bytes.utf8("part"));
            awaitReceived(upstream, "part");
            peer.sendClose(code, "because");
            assertThat(upstream.inputEnd()).isEqualTo("reset");
            peer.expectClose(code);
        }
    }

    @Test
    void f5_violationIsClose1002AndAReset() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            upstream.socket();
            peer.send(FrameBytes.binary((byte) 1).unmasked());
            peer.expectClose(1002);
            assertThat(upstream.inputEnd()).isEqualTo("reset");
        }
    }
}
