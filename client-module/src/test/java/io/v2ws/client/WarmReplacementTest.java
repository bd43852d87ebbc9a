package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What takes the place of warm connections that aged, died or could not be had. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class WarmReplacementTest {
    private static final String TROUBLE = "Cannot keep connections ready";
    private static final String RELIEF = "are kept ready again";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private final WarmFixture warm = new WarmFixture(fixture);

    private final ManualScheduler clock = new ManualScheduler();

    /** For pauses, which take no real time. */
    @RegisterExtension
    final ClientFixture manual = new ClientFixture(clock);

    @Test
    void anAgedOneIsClosedAndAnotherTakesItsPlace() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(warm.builder(server, 1, ClientFixture.options())
                .preconnectMaxAge(Duration.ofMillis(400))
                .build());
        RawWebSocketPeer before = server.accept();
        for (int i = 0; i < 4; i++) {
            RawWebSocketPeer next = server.accept();
            before.expectEof();
            before = next;
        }
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = warm.nextRequest(server, before);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), tunnel.peer());
    }

    @Test
    void anAgedOneServesUntilItsReplacementIsReady() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(warm.tlsBuilder(server.port(), 1, ClientFixture.options())
                .preconnectMaxAge(Duration.ofSeconds(10))
                .build());
        TlsServer tls = new TlsServer(TestCertificates.get().server());
        RawWebSocketPeer aged = tls.handshake(server.acceptSocket()).peer();
        // The next one comes, and stays in its handshake.
        server.acceptSocket();
        assertThat(client.fitConnections()).isEqualTo(1);
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = PeerServer.request(aged);
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WarmFixture.assertCarries(Streams.get(connecting), tunnel.peer());
    }

    @Test
    void anAgedOneIsClosedEvenWithoutReplacement() throws Exception {
        PeerServer server = fixture.server();
        fixture.keep(warm.tlsBuilder(server.port(), 1, ClientFixture.options())
                .preconnectMaxAge(Duration.ofSeconds(2))
                .build());
        RawWebSocketPeer aged = new TlsServer(TestCertificates.get().server())
                .handshake(server.acceptSocket())
                .peer();
        server.acceptSocket();
        assertThat(aged.readRequestHead()).isNull();
    }

    @Test
    void theIdleTimeoutOfHttpDoesNotEndThem() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client =
                warm.client(server, 1, ClientFixture.options().handshakeTimeout(Duration.ofMillis(200)));
        server.accept();
        server.expectNoConnection(1500);
        assertThat(client.fitConnections()).isEqualTo(1);
    }

    @Test
    void oneThatTheServerClosesAfterAWhileIsReplacedAtOnceAndSilently() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            PeerServer server = fixture.server();
            WebSocketTransportClient client = warm.client(server, 2, ClientFixture.options());
            List<RawWebSocketPeer> idle = List.of(server.accept(), server.accept());
            server.expectNoConnection(2500);
            idle.get(0).close();
            server.accept();
            idle.get(1).reset();
            server.accept();
            warm.awaitFit(client, 2);
            assertThat(log.text()).doesNotContain(TROUBLE);
        }
    }

    @Test
    void aServerThatClosesThemAtOnceIsNotHammeredAndTheLogNotFlooded() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SocketServer server = new SocketServer("closing", Socket::close)) {
            manual.keep(new WarmFixture(manual)
                    .builder(server.port(), 8, ClientFixture.options())
                    .build());
            // Eight at most before the first failure, and then one behind each pause.
            AtomicInteger seconds = new AtomicInteger();
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                seconds.incrementAndGet();
                return server.acceptedConnections() >= 10;
            });
            int accepted = server.acceptedConnections();
            assertThat(accepted).isLessThanOrEqualTo(8 + mostPauses(seconds.get() * 1000L));
            assertThat(log.text()).containsOnlyOnce(TROUBLE).doesNotContain(RELIEF, "Exception");
        }
    }

    @Test
    void aServerThatIsDownAtFirstIsNoErrorAndIsFoundLater() throws Exception {
        ClosedPort down = new ClosedPort();
        InetSocketAddress address = down.address();
        try (CapturedLog log = new CapturedLog()) {
            WebSocketTransportClient client = fixture.keep(
                    warm.builder(address.getPort(), 3, ClientFixture.options()).build());
            assertThat(Streams.failureOf(client.connect())).isInstanceOf(ConnectException.class);
            await().until(() -> log.text().contains(TROUBLE));
            assertThat(log.text()).contains("Connection refused");
            down.close();
            try (ServerSocket server = new ServerSocket()) {
                server.setReuseAddress(true);
                server.bind(address);
                server.setSoTimeout(10_000);
                List<Socket> sockets = List.of(server.accept(), server.accept(), server.accept());
                warm.awaitFit(client, 3);
                // Before they are closed, which is trouble again.
                assertThat(log.text()).containsOnlyOnce(RELIEF);
                assertThat(log.text().split(TROUBLE)).hasSize(2);
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aTunnelThatComesAboutEndsThePause() throws Exception {
        try (SocketServer closing = new SocketServer("closing", Socket::close)) {
            PeerServer server = fixture.server();
            ProxySwitch proxy = fixture.keep(new ProxySwitch(closing.address()));
            WebSocketTransportClient client = manual.keep(new WarmFixture(manual)
                    .builder(proxy.port(), 1, ClientFixture.options())
                    .build());
            await().until(() -> closing.acceptedConnections() == 1);
            proxy.lead(server.address());
            CompletableFuture<WebSocketStream> connecting = client.connect();
            PeerServer.Tunnel tunnel = server.acceptRequest();
            tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
            Streams.get(connecting);
            // The pause does not end by time: the clock stands still.
            server.accept();
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsReportedOnce() throws Exception {
        // Before the clients begin their handshakes: making the certificates takes a while.
        TlsServer tls = new TlsServer(TestCertificates.get().server());
        PeerServer server = fixture.server();
        try (CapturedLog log = new CapturedLog()) {
            fixture.keep(fixture.builder("wss://localhost:" + server.port())
                    .dial(new io.v2ws.HostAndPort("127.0.0.1", server.port()))
                    .preconnect(2)
                    .build());
            for (int i = 0; i < 3; i++) {
                Socket socket = server.acceptSocket();
                try {
                    tls.handshake(socket);
                } catch (IOException refused) {
                    socket.close();
                }
            }
            await().until(() -> log.text().contains(TROUBLE));
            assertThat(log.text()).containsOnlyOnce(TROUBLE).contains("PKIX");
        }
    }

    /**
     * The most pauses that fit into a time: doubled each time, from 250 ms to 30 s, each shorter by a quarter at most.
     */
    private static int mostPauses(long millis) {
        int pauses = 0;
        for (long left = millis; left >= RetryPause.fullMillis(pauses) * 3 / 4; pauses++) {
            left -= RetryPause.fullMillis(pauses) * 3 / 4;
        }
        return pauses;
    }

    /** A relay whose target can be changed. */
    private static final class ProxySwitch implements AutoCloseable {
        private volatile InetSocketAddress target;
        private final SocketServer server;

        ProxySwitch(InetSocketAddress target) throws IOException {
            this.target = target;
            this.server = new SocketServer("switch", this::serve);
        }

        int port() {
            return server.port();
        }

        void lead(InetSocketAddress newTarget) {
            target = newTarget;
        }

        private void serve(Socket near) throws IOException {
            near.setSoTimeout(0);
            try (Socket far = new Socket(target.getAddress(), target.getPort())) {
                Thread back = new Thread(() -> pass(far, near), "switch-back");
                back.start();
                pass(near, far);
            }
        }

        private static void pass(Socket from, Socket to) {
            try (from;
                    to;
                    OutputStream out = to.getOutputStream()) {
                from.getInputStream().transferTo(out);
            } catch (IOException ended) {
                // One side has gone, so does the other.
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
