package io.v2ws.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A local port in front of a hand-written server. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class LocalForwarderTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private static WebSocketTransportOptions.Builder options(int maxEarlyData) {
        return ClientFixture.options().maxEarlyData(maxEarlyData).halfCloseLinger(Duration.ofMillis(300));
    }

    private LocalForwarder forwarder(PeerServer server, int maxEarlyData) throws IOException {
        return fixture.keep(
                LocalForwarder.start(fixture.client(server, options(maxEarlyData)), ForwarderFixture.anyPort()));
    }

    /** Sends there and back over a new connection. */
    private static void assertWorks(LocalForwarder forwarder, PeerServer server) throws Exception {
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            local.getOutputStream().write(Bytes.utf8("there"));
            RawWebSocketPeer peer = server.acceptUpgrade().peer();
            peer.sendBinary(Bytes.utf8("back"));
            assertThat(local.getInputStream().readNBytes(4)).isEqualTo(Bytes.utf8("back"));
        }
    }

    private static void assertReset(Socket local) {
        assertThatThrownBy(() -> {
                    if (local.getInputStream().read() < 0) {
                        throw new AssertionError("a clean end hides that something went wrong");
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @ParameterizedTest(name = "max_early_data {0}")
    @ValueSource(ints = {0, 2048})
    void everyByteIsEchoedThroughAHandWrittenServer(int maxEarlyData) throws Exception {
        int length = 300_000;
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, maxEarlyData);
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            byte[] bytes = Bytes.random(1, length);
            CompletableFuture<Void> writing = Background.run(() -> {
                try {
                    local.getOutputStream().write(bytes);
                } catch (IOException x) {
                    throw new java.io.UncheckedIOException(x);
                }
            });
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            byte[] early = maxEarlyData == 0 ? new byte[0] : EarlyDataMode.PATH.bytes(tunnel.request());
            assertThat(early.length == 0).isEqualTo(maxEarlyData == 0);
            byte[] all = Bytes.concat(early, tunnel.peer().readBinary(length - early.length));
            assertThat(all).isEqualTo(bytes);
            Streams.get(writing);
            CompletableFuture<Void> echoing = Background.run(() -> {
                try {
                    tunnel.peer().sendBinary(all);
                    tunnel.peer().sendClose(1000, "");
                } catch (IOException x) {
                    throw new java.io.UncheckedIOException(x);
                }
            });
            assertThat(local.getInputStream().readAllBytes()).isEqualTo(bytes);
            Streams.get(echoing);
        }
    }

    @ParameterizedTest(name = "max_early_data {0}")
    @ValueSource(ints = {0, 2048})
    void refusedUpgradeResetsItsConnectionAndNeverEndsTheListening(int maxEarlyData) throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, maxEarlyData);
        for (int i = 0; i < 3; i++) {
            try (Socket local = ForwarderFixture.connect(forwarder)) {
                local.getOutputStream().write(Bytes.utf8("hello"));
                server.acceptRequest()
                        .peer()
                        .respond("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n" + "Connection: close\r\n\r\n");
                assertReset(local);
            }
        }
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            local.getOutputStream().write(Bytes.utf8("hello"));
            server.acceptRequest().peer().close();
            assertReset(local);
        }
        assertWorks(forwarder, server);
    }

    @Test
    void serverThatIsGoneResetsTheConnectionAndNeverEndsTheListening() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options(0));
        LocalForwarder forwarder = fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort()));
        assertWorks(forwarder, server);
        server.close();
        for (int i = 0; i < 2; i++) {
            // It may come so soon that the connect itself ends with it; a refusal would read otherwise.
            assertThatThrownBy(() -> {
                        try (Socket local = ForwarderFixture.connect(forwarder)) {
                            local.getInputStream().read();
                        }
                    })
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void localResetBecomesClose1011() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, 0);
        Socket local = ForwarderFixture.connect(forwarder);
        local.getOutputStream().write(Bytes.utf8("hello"));
        RawWebSocketPeer peer = server.acceptUpgrade().peer();
        assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
        ForwarderFixture.reset(local);
        peer.expectClose(1011);
        assertWorks(forwarder, server);
    }

    @Test
    void localResetBeforeTheFirstByteMakesNoConnection() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options(2048));
        LocalForwarder forwarder =
                fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort(), Duration.ofMillis(300)));
        ForwarderFixture.reset(ForwarderFixture.connect(forwarder));
        server.expectNoConnection(600);
        assertWorks(forwarder, server);
    }

    @Test
    void localResetWhileConnectingGivesTheHandshakeUp() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, 2048);
        Socket local = ForwarderFixture.connect(forwarder);
        local.getOutputStream().write(Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        ForwarderFixture.reset(local);
        // Nobody reads the local side while its first bytes wait, so the reset shows once they are through.
        tunnel.peer().acceptUpgrade(tunnel.request(), java.util.List.of());
        RawFrame frame = tunnel.peer().readFrame();
        while (frame != null && frame.opcode() != FrameBytes.CLOSE) {
            frame = tunnel.peer().readFrame();
        }
        if (frame != null) {
            assertThat(frame.closeCode()).isEqualTo(1011);
        }
        assertWorks(forwarder, server);
    }

    @Test
    void localEndBecomesClose1000AfterTheLinger() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, 0);
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            local.getOutputStream().write(Bytes.utf8("hello"));
            local.shutdownOutput();
            RawWebSocketPeer peer = server.acceptUpgrade().peer();
            peer.sendBinary(Bytes.utf8("answer"));
            assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
            peer.expectClose(1000);
            peer.sendClose(1000, "");
            assertThat(local.getInputStream().readAllBytes()).isEqualTo(Bytes.utf8("answer"));
        }
    }

    @Test
    void aClientThatIsClosedResetsTheConnectionsThatHaveNotSpoken() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = WebSocketTransportClient.builder(
                        "ws://127.0.0.1:" + server.port() + "/tunnel")
                .options(options(2048).serverFirstWait(Duration.ofMinutes(5)).build())
                .build();
        try (LocalForwarder forwarder = LocalForwarder.start(client, ForwarderFixture.anyPort());
                Socket local = ForwarderFixture.connect(forwarder)) {
            await().until(() -> client.streamsNotBegun() == 1);
            client.close();
            assertReset(local);
            assertThat(client.streamsNotBegun()).isZero();
        }
    }

    @Test
    void abnormalEndOfTheTunnelBecomesAReset() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, 0);
        for (boolean withCode : new boolean[] {true, false}) {
            try (Socket local = ForwarderFixture.connect(forwarder)) {
                RawWebSocketPeer peer = server.acceptUpgrade().peer();
                if (withCode) {
                    peer.sendClose(1011, "upstream failed");
                } else {
                    peer.reset();
                }
                assertReset(local);
            }
        }
    }

    @Test
    void f5_aResetIsHeldBackNoLongerThanTheOptionSays() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options(0).resetDelay(Duration.ofMillis(200)));
        LocalForwarder forwarder = fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort()));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            RawWebSocketPeer peer = server.acceptUpgrade().peer();
            peer.sendBinary(Bytes.utf8("part"));
            assertThat(local.getInputStream().readNBytes(4)).isEqualTo(Bytes.utf8("part"));
            peer.sendClose(1011, "upstream failed");
            local.setSoTimeout((int) WebSocketTransportOptions.DEFAULT_RESET_DELAY
                    .minusSeconds(1)
                    .toMillis());
            assertReset(local);
        }
    }

    @Test
    void addressInUseIsAClearIoException() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, options(0));
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(ForwarderFixture.anyPort());
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> LocalForwarder.start(client, address))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + address.getPort())
                    .hasMessageContaining("in use")
                    .hasCauseInstanceOf(BindException.class);
        }
    }

    @Test
    void closeEndsTheListeningAndLeavesTheConnections() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, 0);
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            RawWebSocketPeer peer = server.acceptUpgrade().peer();
            forwarder.close();
            await().atMost(10, SECONDS)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> ForwarderFixture.connect(forwarder).close())
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("refused"));

            local.getOutputStream().write(Bytes.utf8("still"));
            assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("still"));
            peer.sendBinary(Bytes.utf8("here"));
            assertThat(local.getInputStream().readNBytes(4)).isEqualTo(Bytes.utf8("here"));
        }
        // The port is free again.
        try (ServerSocket again = new ServerSocket()) {
            again.bind(forwarder.localAddress());
        }
    }
}
