package io.v2ws.client;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.tcp.TcpKeepAlive;
import io.v2ws.testing.KeepAliveTimers;
import io.v2ws.testing.LeakCheck;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The TCP keepalive of a client's connections, as the kernel has it. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ClientKeepAliveTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @BeforeEach
    void onLinux() {
        assumeTrue(KeepAliveTimers.canBeRead(), "needs /proc/net/tcp of Linux");
    }

    private interface Timers {
        List<Duration> read() throws Exception;
    }

    private static void assertOneTimer(Timers timers, long fromSeconds, long toSeconds) {
        await().untilAsserted(() -> assertThat(timers.read())
                .singleElement(as(InstanceOfAssertFactories.DURATION))
                .isBetween(Duration.ofSeconds(fromSeconds), Duration.ofSeconds(toSeconds)));
    }

    private WebSocketTransportClient client(WebSocketTransportClient.Builder builder) throws Exception {
        return fixture.keep(builder.options(ClientFixture.options().build()).build());
    }

    private static WebSocketTransportClient.Builder ownThreads(PeerServer server) {
        return WebSocketTransportClient.builder(server.url());
    }

    /** Opens a connection through a forwarder and checks both ends of the tunnel that are the client's. */
    private void assertBothEnds(PeerServer server, WebSocketTransportClient client, long from, long to)
            throws Exception {
        LocalForwarder forwarder = fixture.keep(LocalForwarder.start(client, ForwarderFixture.anyPort()));
        try (Socket local = ForwarderFixture.connect(forwarder)) {
            server.acceptUpgrade();
            assertOneTimer(() -> KeepAliveTimers.ofRemotePort(server.port()), from, to);
            int port = forwarder.localAddress().getPort();
            assertOneTimer(() -> KeepAliveTimers.ofLocalPort(port), from, to);
        }
    }

    @Test
    void connectionsToTheServerAndOfLocalProgramsHaveTheDefaults() throws Exception {
        PeerServer server = fixture.server();
        assertBothEnds(server, client(ownThreads(server)), 1, 60);
    }

    @Test
    void connectionsToTheServerAndOfLocalProgramsHaveWhatIsSet() throws Exception {
        PeerServer server = fixture.server();
        TcpKeepAlive keepAlive = TcpKeepAlive.parse("1000s");
        assertBothEnds(server, client(ownThreads(server).tcpKeepAlive(keepAlive)), 900, 1000);
    }

    @Test
    void offSwitchesItOffOnBothEnds() throws Exception {
        PeerServer server = fixture.server();
        assertBothEnds(server, client(ownThreads(server).tcpKeepAlive(TcpKeepAlive.OFF)), 0, 0);
    }

    @Test
    void connectionsHaveTheKeepaliveOfASharedConnector() throws Exception {
        PeerServer server = fixture.server();
        assertBothEnds(server, client(fixture.builder(server.url())), 1, 60);
    }

    @Test
    void keepaliveBesideASharedConnectorIsRefused() {
        WebSocketTransportClient.Builder builder = fixture.builder("ws://127.0.0.1:1/tunnel");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tcpKeepAlive(TcpKeepAlive.OFF).build())
                .withMessageStartingWith("tcpKeepAlive: expected none beside a shared connector");
    }
}
