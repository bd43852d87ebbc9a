package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * C19: every upgrade has a connection of its own, just made for it: none is left over that a later one could get, just
 * when the server closes it for having been idle.
 */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class FreshConnectionTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    /** A client that asks this server for its tunnels, as a proxy. */
    private WebSocketTransportClient proxied(PeerServer proxy) throws IOException {
        return fixture.keep(fixture.builder("ws://tunnel.example/tunnel")
                .proxy("http://" + proxy.authority())
                .build());
    }

    /** Waits for the CONNECT of the next connection. */
    private static RawWebSocketPeer acceptConnect(PeerServer proxy) throws IOException {
        PeerServer.Tunnel asked = proxy.acceptRequest();
        assertThat(asked.request().method()).isEqualTo("CONNECT");
        return asked.peer();
    }

    private static void establish(RawWebSocketPeer peer) throws IOException {
        peer.respond("HTTP/1.1 200 Connection established\r\n\r\n");
    }

    @Test
    void c19_connectionOfATunnelThatWasGivenUpIsClosedWhenItIsThere() throws Exception {
        CompletableFuture<CompletableFuture<WebSocketStream>> given = new CompletableFuture<>();
        HandshakeListener givingUp = new HandshakeListener() {
            @Override
            public void onConnected() {
                given.join().cancel(true);
            }
        };
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(
                fixture.builder(server.url()).handshakeListener(givingUp).build());
        given.complete(client.connect());
        assertThat(server.accept().input().read()).isEqualTo(-1);
    }

    @Test
    void c19_connectionThroughAProxyOfATunnelThatWasGivenUpIsClosedWhenItIsThere() throws Exception {
        PeerServer proxy = fixture.server();
        WebSocketTransportClient client = proxied(proxy);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        RawWebSocketPeer abandoned = acceptConnect(proxy);
        connecting.cancel(true);
        establish(abandoned);
        assertThat(abandoned.input().read()).isEqualTo(-1);

        CompletableFuture<WebSocketStream> next = client.connect();
        RawWebSocketPeer fresh = acceptConnect(proxy);
        establish(fresh);
        fresh.acceptUpgrade();
        Streams.get(next);
    }

    @Test
    void c19_tunnelThatComesAboutWhileAnotherIsOnItsWayMakesNoThirdConnection() throws Exception {
        PeerServer proxy = fixture.server();
        WebSocketTransportClient client = proxied(proxy);
        CompletableFuture<WebSocketStream> first = client.connect();
        RawWebSocketPeer firstPeer = acceptConnect(proxy);
        CompletableFuture<WebSocketStream> second = client.connect();
        RawWebSocketPeer secondPeer = acceptConnect(proxy);

        establish(firstPeer);
        firstPeer.acceptUpgrade();
        Streams.get(first);
        proxy.expectNoConnection();

        establish(secondPeer);
        secondPeer.acceptUpgrade();
        Streams.get(second);
    }

    @Test
    void c19_tunnelsOpenedTogetherMakeOneConnectionEach() throws Exception {
        int count = 100;
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        List<CompletableFuture<WebSocketStream>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(client.connect());
        }
        for (int i = 0; i < count; i++) {
            server.acceptUpgrade();
        }
        for (CompletableFuture<WebSocketStream> tunnel : connecting) {
            Streams.get(tunnel);
        }
        server.expectNoConnection();
    }

    @Test
    void c19_connectionThatFailsFailsItsOwnTunnelOnly() throws Exception {
        PeerServer proxy = fixture.server();
        WebSocketTransportClient client = proxied(proxy);
        CompletableFuture<WebSocketStream> first = client.connect();
        RawWebSocketPeer firstPeer = acceptConnect(proxy);
        CompletableFuture<WebSocketStream> second = client.connect();
        RawWebSocketPeer secondPeer = acceptConnect(proxy);

        secondPeer.respond("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        assertThat(Streams.failureOf(second)).hasMessageContaining("502");
        assertThat(first).isNotDone();
        establish(firstPeer);
        firstPeer.acceptUpgrade();
        Streams.get(first);
    }
}
