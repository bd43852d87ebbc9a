package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyStore;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Starts that fail: they say why, and leave nothing behind. Threads are found by the leak check. */
@ExtendWith(LeakCheck.class)
class TunnelServerStartTest {
    private static final HostAndPort ANY_PORT = new HostAndPort("127.0.0.1", 0);

    private static TunnelServer.Builder server(HostAndPort listen) {
        return TunnelServer.builder(listen)
                .tunnel(Tunnel.handle(WebSocketTransportOptions.defaults(), new EchoHandler()));
    }

    /** The JDK opens a socket of its own with the first one that is closed. */
    @BeforeAll
    static void openFirstSocket() throws Exception {
        server(ANY_PORT).start().close();
    }

    private static void assertNoThreads() {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("v2ws")));
    }

    @ParameterizedTest
    @JettyEngines
    void portInUseIsAnErrorThatNamesTheAddress(WebSocketEngine engine) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            HostAndPort address = new HostAndPort("127.0.0.1", taken.getLocalPort());
            long sockets = LeakCheck.openSockets();
            assertThatThrownBy(() -> server(address).engine(engine).start())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + address + ": ");
            assertNoThreads();
            await().untilAsserted(() -> assertThat(LeakCheck.openSockets()).isLessThanOrEqualTo(sockets));
        }
    }

    @Test
    void providerThatDoesNoTlsIsAnErrorAndThePortIsFreeAgain() throws Exception {
        TestCertificates.Identity identity = TestCertificates.get().server();
        long sockets = LeakCheck.openSockets();
        assertThatThrownBy(() -> server(ANY_PORT)
                        .tls(identity.certificatePem(), identity.keyPem())
                        .tlsProvider(Security.getProvider("SUN"))
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot start the server on " + ANY_PORT + ": ");
        assertNoThreads();
        await().untilAsserted(() -> assertThat(LeakCheck.openSockets()).isLessThanOrEqualTo(sockets));
    }

    @Test
    void wrongPasswordOfTheKeyStoreIsAnError() throws Exception {
        KeyStore store = KeyStore.getInstance(
                TestCertificates.get().server().keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
        assertThatThrownBy(() -> server(ANY_PORT).tls(store, "wrong").start())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot start the server on ");
        assertNoThreads();
    }

    @Test
    void unknownHostIsAnError() {
        assertThatThrownBy(
                        () -> server(new HostAndPort("no.such.host.invalid", 0)).start())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on no.such.host.invalid:0: unknown host");
    }

    @Test
    void serverWithoutTunnelIsAnError() {
        assertThatThrownBy(() -> TunnelServer.builder(ANY_PORT).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tunnel: expected at least one, got none");
    }

    @Test
    void wrongValuesAreRefusedWhereTheyAreSet() {
        Tunnel tunnel = Tunnel.handle(WebSocketTransportOptions.defaults(), new EchoHandler());
        WebSocketTransportOptions upgrading =
                WebSocketTransportOptions.builder().header("Upgrade", "x").build();
        assertThatThrownBy(() -> tunnel.withTrustedProxies(List.of("proxy.example")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tunnel.handle(upgrading, new EchoHandler()))
                .hasMessage("headers: Upgrade belongs to the handshake itself");
        assertThatThrownBy(() -> server(ANY_PORT).handshakeTimeout(Duration.ZERO))
                .hasMessage("handshakeTimeout: expected 1ms or more");
        assertThatThrownBy(() -> server(ANY_PORT).connectTimeout(Duration.ofNanos(1)))
                .hasMessage("connectTimeout: expected 1ms or more");
    }
}
