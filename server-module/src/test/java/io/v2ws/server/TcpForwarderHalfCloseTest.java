package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the end of one direction of a forwarded tunnel is passed on while the other goes on: F9. */
@ExtendWith(LeakCheck.class)
class TcpForwarderHalfCloseTest {
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static WebSocketTransportOptions lingering(Duration linger) {
        return ForwardingServer.options().halfCloseLinger(linger).build();
    }

    private static Upstream greetingThenEnd() throws Exception {
        return Upstream.opening(socket -> {
            Upstream.write(socket, "bye");
            socket.shutdownOutput();
        });
    }

    private static Upstream answeringAtTheEnd() throws Exception {
        return Upstream.ending(socket -> Upstream.write(socket, "answer"));
    }

    private static void awaitReceived(Upstream upstream, String text) {
        await().untilAsserted(() -> assertThat(upstream.received()).isEqualTo(text));
    }

    // F9, both ends know half-close

    @Test
    void f9_endOfTheServiceLeavesTheOtherWayOpen() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(Duration.ZERO));
                RawWebSocketPeer peer = server.openWithHalfClose()) {
            Upstream.write(upstream.socket(), "bye");
            upstream.socket().shutdownOutput();
            assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("bye"));
            peer.expectEmptyText();
            // With a linger of zero, only half-close keeps this way open.
            for (int i = 1; i <= 5; i++) {
                peer.sendBinary((byte) 'x');
                awaitReceived(upstream, "x".repeat(i));
                peer.sendPing((byte) i);
                assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(i);
            }
            peer.send(ForwardingServer.emptyText());
            assertThat(upstream.inputEnd()).isEqualTo("end");
            peer.expectClose(1000);
            peer.sendClose(1000, "");
            peer.expectEof();
        }
    }

    @Test
    void f9_endOfTheClientLeavesTheOtherWayOpen() throws Exception {
        try (Upstream upstream = answeringAtTheEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(Duration.ZERO));
                RawWebSocketPeer peer = server.openWithHalfClose()) {
            peer.sendBinary(Bytes.utf8("request"));
            peer.send(ForwardingServer.emptyText());
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).isEqualTo("request");
            assertThat(peer.readBinary(6)).isEqualTo(Bytes.utf8("answer"));
            peer.expectClose(1000);
            peer.sendClose(1000, "");
            peer.expectEof();
        }
    }

    @Test
    void f9_everythingInOneSegment() throws Exception {
        try (Upstream upstream = answeringAtTheEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(Duration.ZERO));
                RawWebSocketPeer peer = server.open(
                        ForwardingServer.PATH + "aGVsbG8",
                        ForwardingServer.emptyText(),
                        FrameBytes.binary(Bytes.utf8(" world")).masked().bytes(),
                        ForwardingServer.emptyText())) {
            peer.expectEmptyText();
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).isEqualTo("hello world");
            assertThat(peer.readBinary(6)).isEqualTo(Bytes.utf8("answer"));
            peer.expectClose(1000);
            peer.sendClose(1000, "");
        }
    }

    @Test
    void f9_announcementComesBeforeTheAnswerToTheFirstData() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port());
                RawWebSocketPeer peer = server.open(
                        ForwardingServer.emptyText(),
                        FrameBytes.binary((byte) 'x').masked().bytes())) {
            peer.expectEmptyText();
            assertThat(peer.expectFrame(FrameBytes.BINARY).text()).isEqualTo("x");
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    // F9, the peer does not know half-close

    @Test
    void f9_serverNeverSendsTextUnasked() throws Exception {
        try (Upstream upstream = greetingThenEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(Duration.ZERO));
                RawWebSocketPeer peer = server.open()) {
            assertThat(peer.expectFrame(FrameBytes.BINARY).text()).isEqualTo("bye");
            peer.expectFrame(FrameBytes.CLOSE);
            peer.sendClose(1000, "");
            peer.expectEof();
        }
    }

    @Test
    void f9_switchedOffAnnouncesNothing() throws Exception {
        WebSocketTransportOptions off = ForwardingServer.options()
                .halfClose(false)
                .halfCloseLinger(Duration.ZERO)
                .build();
        try (Upstream upstream = greetingThenEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port(), off);
                RawWebSocketPeer peer = server.open(ForwardingServer.emptyText())) {
            assertThat(peer.expectFrame(FrameBytes.BINARY).text()).isEqualTo("bye");
            peer.expectFrame(FrameBytes.CLOSE);
            peer.sendClose(1000, "");
            peer.expectEof();
        }
    }

    @Test
    void f9_emptyTextBehindDataIsNoAnnouncement() throws Exception {
        try (Upstream upstream = Upstream.reading();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            peer.sendBinary(Bytes.utf8("a"));
            peer.send(ForwardingServer.emptyText());
            peer.send(ForwardingServer.emptyText());
            peer.sendBinary(Bytes.utf8("b"));
            awaitReceived(upstream, "ab");
            peer.sendPing((byte) 1);
            // The pong is the first frame: nothing was sent for the texts.
            assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(1);
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void f9_relayWithoutTrafficEndsAfterTheLinger() throws Exception {
        try (Upstream upstream = Upstream.opening(socket -> {});
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(LINGER));
                RawWebSocketPeer peer = server.open()) {
            Socket socket = upstream.socket();
            long start = System.nanoTime();
            socket.shutdownOutput();
            peer.expectClose(1000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(LINGER, LINGER.multipliedBy(4));
            peer.sendClose(1000, "");
            assertThat(upstream.inputEnd()).isEqualTo("end");
        }
    }

    @Test
    void f9_trafficKeepsTheRelayAliveBeyondTheLinger() throws Exception {
        try (Upstream upstream = greetingThenEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port(), lingering(LINGER));
                RawWebSocketPeer peer = server.open()) {
            assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("bye"));
            long start = System.nanoTime();
            int sent = 0;
            while (System.nanoTime() - start < LINGER.toNanos() * 5 / 2) {
                peer.sendBinary((byte) 'x');
                awaitReceived(upstream, "x".repeat(++sent));
            }
            peer.expectClose(1000);
            peer.sendClose(1000, "");
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).hasSize(sent);
        }
    }

    /** A client of another make can end its output only by Close; what the service still says is lost, but in order. */
    @Test
    void f9_closeOfTheClientEndsTheServicesInputInOrder() throws Exception {
        try (Upstream upstream = answeringAtTheEnd();
                ForwardingServer server = ForwardingServer.to(upstream.port());
                RawWebSocketPeer peer = server.open()) {
            peer.sendBinary(Bytes.utf8("request"));
            peer.sendClose(1000, "");
            awaitClose(peer);
            peer.expectEof();
            assertThat(upstream.inputEnd()).isEqualTo("end");
            assertThat(upstream.received()).isEqualTo("request");
        }
    }

    /** Data may come before the answer to a Close (RFC 6455, 5.5.1). */
    private static void awaitClose(RawWebSocketPeer peer) throws Exception {
        RawFrame frame = peer.readFrame();
        while (frame != null && frame.opcode() == FrameBytes.BINARY) {
            frame = peer.readFrame();
        }
        assertThat(frame).isNotNull();
        assertThat(frame.closeCode()).isEqualTo(1000);
    }
}
