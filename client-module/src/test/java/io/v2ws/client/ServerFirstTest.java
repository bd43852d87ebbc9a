package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
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

/** Protocols in which the server speaks first, with early data configured (C8). */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ServerFirstTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private LocalForwarder forwarder(PeerServer server, WebSocketTransportOptions.Builder options) throws Exception {
        return fixture.keep(LocalForwarder.start(fixture.client(server, options), ForwarderFixture.anyPort()));
    }

    @ParameterizedTest
    @EnumSource
    void c8_forwarderUpgradesWithoutEarlyDataAfter300MillisecondsOfSilence(EarlyDataMode mode) throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, mode.options(2048));
        long start = System.nanoTime();
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            assertThat(mode.bytes(tunnel.request())).isEmpty();

            tunnel.peer().sendBinary(Bytes.utf8("SSH-2.0-server\r\n"));
            assertThat(local.getInputStream().readNBytes(16)).isEqualTo(Bytes.utf8("SSH-2.0-server\r\n"));
            local.getOutputStream().write(Bytes.utf8("SSH-2.0-client\r\n"));
            assertThat(tunnel.peer().readBinary(16)).isEqualTo(Bytes.utf8("SSH-2.0-client\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void c8_forwarderStillUsesEarlyDataWhenTheLocalSideSpeaksFirst(EarlyDataMode mode) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, mode.options(4));
        LocalForwarder forwarder = fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort(), LONG));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            local.getOutputStream().write(Bytes.utf8("GET / HTTP"));
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            assertThat(mode.bytes(tunnel.request())).isEqualTo(Bytes.utf8("GET "));
            assertThat(tunnel.peer().readBinary(6)).isEqualTo(Bytes.utf8("/ HTTP"));
        }
    }

    @Test
    void c8_forwarderTakesTheWaitOfTheOptions() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder =
                forwarder(server, EarlyDataMode.PATH.options(2048).serverFirstWait(LONG));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            server.expectNoConnection(700);
            local.getOutputStream().write('x');
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEqualTo(Bytes.utf8("x"));
            tunnel.peer().sendBinary((byte) 'y');
            assertThat(local.getInputStream().read()).isEqualTo('y');
        }
    }

    @Test
    void c8_forwarderWithZeroWaitsForTheLocalSide() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, EarlyDataMode.PATH.options(2048));
        LocalForwarder forwarder =
                fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort(), Duration.ZERO));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            server.expectNoConnection(700);
            local.getOutputStream().write('x');
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEqualTo(Bytes.utf8("x"));
            tunnel.peer().sendBinary((byte) 'y');
            assertThat(local.getInputStream().read()).isEqualTo('y');
        }
    }

    @Test
    void c8_forwarderWithoutEarlyDataDoesNotWait() throws Exception {
        PeerServer server = fixture.server();
        LocalForwarder forwarder = forwarder(server, ClientFixture.options().serverFirstWait(LONG));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            tunnel.peer().sendBinary((byte) 'b');
            assertThat(local.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void c8_libraryWaitsForTheFirstWriteUnlessTheOptionIsSet() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        CompletableFuture<Void> demanded = Streams.demand(stream);
        server.expectNoConnection(700);
        assertThat(demanded).isNotDone();
    }

    @Test
    void c8_libraryUpgradesWithoutEarlyDataAfterTheWaitThatIsSet() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(
                        server, EarlyDataMode.PATH.options(2048).serverFirstWait(Duration.ofMillis(50)))
                .connect()
                .join();
        CompletableFuture<Void> demanded = Streams.demand(stream);
        PeerServer.Tunnel tunnel = server.acceptRequest();
        assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEmpty();
        // Too late for the request: what is written now goes out behind the upgrade, once.
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("late"));
        assertThat(written).isNotDone();
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        Streams.get(written);
        assertThat(tunnel.peer().readBinary(4)).isEqualTo(Bytes.utf8("late"));
        tunnel.peer().sendBinary(Bytes.utf8("banner"));
        Streams.get(demanded);
        assertThat(Streams.read(stream, 6)).isEqualTo(Bytes.utf8("banner"));
        server.expectNoConnection();
    }

    @Test
    void c8_firstWriteWithinTheWaitIsEarlyDataAndTheOnlyUpgrade() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(
                        server, EarlyDataMode.PATH.options(2048).serverFirstWait(Duration.ofMillis(200)))
                .connect()
                .join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("first"));
        assertThat(EarlyDataMode.PATH.bytes(server.acceptUpgrade().request())).isEqualTo(Bytes.utf8("first"));
        Streams.get(written);
        server.expectNoConnection(400);
    }

    @Test
    void c6_closeWithinTheWaitMakesNoConnection() throws Exception {
        PeerServer server = fixture.server();
        fixture.client(server, EarlyDataMode.PATH.options(2048).serverFirstWait(Duration.ofMillis(100)))
                .connect()
                .join()
                .close();
        server.expectNoConnection(300);
    }
}
