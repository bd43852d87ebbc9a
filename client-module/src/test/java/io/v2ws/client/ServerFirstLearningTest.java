package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.socket.TunnelSocketFactory;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What forwarders and socket factories learn about who speaks first (C8). The time of the timers stands still unless a
 * test says otherwise, so a tunnel that waits is not seen by the server.
 */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ServerFirstLearningTest {
    private static final Duration WAIT = WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT;

    private final ManualScheduler clock = new ManualScheduler();

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture(clock);

    private PeerServer server;
    private WebSocketTransportClient client;

    /** Opens connections one after the other. */
    private interface Opener {
        Socket open() throws IOException;
    }

    enum Kind {
        FORWARDER,
        FORWARDER_TO_TWO_SERVERS,
        SOCKET_FACTORY
    }

    private Opener opener(Kind kind, boolean learning) throws Exception {
        server = fixture.server();
        client = fixture.client(server, EarlyDataMode.PATH.options(2048).serverFirstLearning(learning));
        if (kind == Kind.SOCKET_FACTORY) {
            TunnelSocketFactory factory = new TunnelSocketFactory(client);
            return () -> {
                Socket socket = factory.createSocket();
                socket.setSoTimeout(10_000);
                socket.connect(InetSocketAddress.createUnresolved("mail", 25));
                return socket;
            };
        }
        List<WebSocketTransportClient> clients = kind == Kind.FORWARDER
                ? List.of(client)
                : List.of(client, fixture.client(fixture.server(), EarlyDataMode.PATH.options(2048)));
        LocalForwarder forwarder =
                fixture.keep(LocalForwarder.start(clients, HostAndPort.of(ForwarderFixture.anyPort()), WAIT));
        return () -> ForwarderFixture.connect(forwarder);
    }

    /** Waits until a tunnel waits for its first write. */
    private void expectWaiting() {
        await().until(() -> client.streamsNotBegun() == 1);
    }

    /** A write to a tunnel's socket waits for the upgrade, which this test answers. */
    private static CompletableFuture<Void> write(Socket local, String text) {
        return Background.run(() -> local.getOutputStream().write(Bytes.utf8(text)));
    }

    /** Has a connection upgrade and the server say something before the local side does. */
    private void serverSpeaksFirst(Socket local) throws IOException {
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEmpty();
        tunnel.peer().sendBinary(Bytes.utf8("220"));
        assertThat(local.getInputStream().readNBytes(3)).isEqualTo(Bytes.utf8("220"));
        local.getOutputStream().write(Bytes.utf8("EHLO"));
        assertThat(tunnel.peer().readBinary(4)).isEqualTo(Bytes.utf8("EHLO"));
        tunnel.peer().reset();
    }

    /** Has the local side say something, which has to travel in the request. */
    private void localSideSpeaksFirst(Socket local) throws IOException {
        expectWaiting();
        CompletableFuture<Void> written = write(local, "GET");
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEqualTo(Bytes.utf8("GET"));
        written.join();
        tunnel.peer().sendBinary(Bytes.utf8("200"));
        assertThat(local.getInputStream().readNBytes(3)).isEqualTo(Bytes.utf8("200"));
        tunnel.peer().reset();
    }

    @ParameterizedTest
    @EnumSource
    void c8_whereTheServerSpokeFirstTheNextTunnelsUpgradeAtOnceUntilTheLocalSideIsFirst(Kind kind) throws Exception {
        Opener opener = opener(kind, true);
        try (Socket waits = opener.open()) {
            expectWaiting();
            clock.advance(WAIT);
            serverSpeaksFirst(waits);
        }
        for (int i = 0; i < 2; i++) {
            try (Socket atOnce = opener.open()) {
                serverSpeaksFirst(atOnce);
            }
        }
        try (Socket local = opener.open()) {
            PeerServer.Tunnel tunnel = server.acceptRequest();
            assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEmpty();
            CompletableFuture<Void> written = write(local, "GET");
            tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
            assertThat(tunnel.peer().readBinary(3)).isEqualTo(Bytes.utf8("GET"));
            written.join();
            // The answer is not what the server says first.
            tunnel.peer().sendBinary(Bytes.utf8("200"));
            assertThat(local.getInputStream().readNBytes(3)).isEqualTo(Bytes.utf8("200"));
            tunnel.peer().reset();
        }
        for (int i = 0; i < 2; i++) {
            try (Socket waits = opener.open()) {
                localSideSpeaksFirst(waits);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void c8_withLearningOffEveryTunnelWaits(Kind kind) throws Exception {
        Opener opener = opener(kind, false);
        try (Socket waits = opener.open()) {
            expectWaiting();
            clock.advance(WAIT);
            serverSpeaksFirst(waits);
        }
        try (Socket waits = opener.open()) {
            localSideSpeaksFirst(waits);
        }
    }

    @Test
    void c8_aServerThatIsSilentTeachesNothing() throws Exception {
        Opener opener = opener(Kind.FORWARDER, true);
        try (Socket waits = opener.open()) {
            expectWaiting();
            clock.advance(WAIT);
            server.acceptUpgrade().peer().reset();
        }
        try (Socket waits = opener.open()) {
            localSideSpeaksFirst(waits);
        }
    }

    @Test
    void c8_aRefusedUpgradeAtOnceIsToldToReadersAndWriters() throws Exception {
        opener(Kind.SOCKET_FACTORY, true);
        ServerFirstWait wait = new ServerFirstWait(WAIT, true);
        wait.learn(true);
        WebSocketStream stream = client.connect(wait, Duration.ofSeconds(10)).join();
        server.acceptRequest().peer().respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        assertThat(stream.closed().get().failure()).isInstanceOf(HandshakeException.class);
    }
}
