package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.ResettingService;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log says of a server that disconnects before a tunnel has come about. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class DisconnectLogTest {
    private static final String DISCONNECT =
            "INFO io.v2ws.client.LocalForwarder - Connection from 127.0.0.1:\\d+ broke";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    /** When the server disconnects. */
    private enum Moment {
        AT_ONCE,
        AFTER_THE_REQUEST,
        INSIDE_THE_ANSWER;

        /** Comes as far as this moment. */
        void await(RawWebSocketPeer peer) throws IOException {
            if (this != AT_ONCE) {
                peer.readRequestHead();
            }
            if (this == INSIDE_THE_ANSWER) {
                peer.respond("HTTP/1.1 101 Switching Protocols\r\nConn");
            }
        }
    }

    private LocalForwarder forwarder(WebSocketTransportClient.Builder builder, int maxEarlyData) throws IOException {
        WebSocketTransportClient client = fixture.keep(builder.options(
                        ClientFixture.options().maxEarlyData(maxEarlyData).build())
                .build());
        return fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort()));
    }

    /** Sends something and waits until the forwarder has ended the connection. */
    private static void use(LocalForwarder forwarder) throws IOException {
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            local.getOutputStream().write('x');
            local.getInputStream().read();
        } catch (IOException reset) {
            // The usual end of one whose tunnel did not come about.
        }
    }

    private static void assertDisconnectsOnly(CapturedLog log) {
        await().untilAsserted(() -> assertThat(log.text()).containsPattern(DISCONNECT));
        assertThat(log.text()).doesNotContain("WARN", "ERROR");
    }

    @ParameterizedTest
    @JettyEngines
    void aServerThatResetsAtOnceIsADisconnectAndNoWarning(WebSocketEngine engine) throws Exception {
        try (CapturedLog log = new CapturedLog();
                ResettingService server = new ResettingService()) {
            LocalForwarder forwarder =
                    forwarder(fixture.builder("ws://127.0.0.1:" + server.port()).engine(engine), 0);
            // Often, as some resets come before the client has seen that it is connected and some later.
            for (int i = 0; i < 30; i++) {
                use(forwarder);
            }
            assertDisconnectsOnly(log);
        }
    }

    @ParameterizedTest(name = "{0}, reset {1}, max_early_data {2}, {3}")
    @CsvSource({
        "AT_ONCE, false, 0, DIRECT",
        "AFTER_THE_REQUEST, false, 0, DIRECT",
        "AFTER_THE_REQUEST, true, 0, DIRECT",
        "INSIDE_THE_ANSWER, false, 0, DIRECT",
        "INSIDE_THE_ANSWER, true, 0, DIRECT",
        "AT_ONCE, false, 0, JETTY",
        "AFTER_THE_REQUEST, false, 0, JETTY",
        "AFTER_THE_REQUEST, true, 0, JETTY",
        "INSIDE_THE_ANSWER, false, 0, JETTY",
        "INSIDE_THE_ANSWER, true, 2048, JETTY"
    })
    void aServerThatDisconnectsDuringTheUpgradeIsNoWarning(
            Moment moment, boolean reset, int maxEarlyData, WebSocketEngine engine) throws Exception {
        try (CapturedLog log = new CapturedLog();
                SocketServer server = new SocketServer("disconnecting", socket -> {
                    RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
                    moment.await(peer);
                    if (reset) {
                        peer.reset();
                    }
                })) {
            use(forwarder(fixture.builder("ws://127.0.0.1:" + server.port()).engine(engine), maxEarlyData));
            assertDisconnectsOnly(log);
        }
    }

    @Test
    void aServerThatDisconnectsDuringTheTlsHandshakeIsNoWarning() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SocketServer server = new SocketServer(
                        "disconnecting", socket -> socket.getInputStream().read())) {
            TlsOptions tls =
                    TlsOptions.builder().caFile(TestCertificates.get().caPem()).build();
            use(forwarder(fixture.builder("wss://127.0.0.1:" + server.port()).tls(tls), 0));
            assertDisconnectsOnly(log);
        }
    }

    @Test
    void aServerThatClosesConnectionsKeptReadyIsNoWarning() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SocketServer server = new SocketServer("closing", Socket::close)) {
            fixture.keep(fixture.builder("ws://127.0.0.1:" + server.port())
                    .preconnect(2)
                    .build());
            await().untilAsserted(() -> assertThat(log.text()).contains("Cannot keep connections ready"));
            assertThat(log.text()).doesNotContain("WARN", "ERROR");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsAWarning() throws Exception {
        try (CapturedLog log = new CapturedLog();
                ClosedPort closed = new ClosedPort()) {
            use(forwarder(fixture.builder("ws://127.0.0.1:" + closed.port()), 0));
            assertThat(log.text()).containsPattern("WARN io.v2ws.client.LocalForwarder - No tunnel to .*refused");
        }
    }

    @Test
    void aServerThatRefusesTheUpgradeIsAWarning() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SocketServer server = new SocketServer("refusing", socket -> {
                    RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
                    peer.readRequestHead();
                    peer.respond("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                })) {
            use(forwarder(fixture.builder("ws://127.0.0.1:" + server.port()), 0));
            assertThat(log.text()).containsPattern("WARN io.v2ws.client.LocalForwarder - No tunnel to .*403");
        }
    }
}
