package io.v2ws.client.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the factories that drivers make share clients, and how these end. {@link LeakCheck} sees whether they do. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class SharedClientsTest {
    private final SharedClients clients = new SharedClients(Duration.ofMillis(50));
    private SocketServer server;

    @BeforeEach
    void start() throws IOException {
        server = new SocketServer("ws-server", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.acceptUpgrade();
            for (RawFrame frame = peer.readFrame(); frame.opcode() == 2; frame = peer.readFrame()) {
                if (frame.payload()[0] == 'q') {
                    peer.sendClose(1011, "");
                }
                peer.sendBinary(frame.payload());
            }
            peer.sendClose(1000, "");
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static DriverOptions options(int port, String path) {
        return DriverOptions.parse(new Properties(), "ws://127.0.0.1:" + port + path);
    }

    private TunnelSocket socket(String path) {
        return new TunnelSocket(clients.source(options(server.port(), path)));
    }

    private static void echo(Socket socket) throws IOException {
        socket.connect(InetSocketAddress.createUnresolved("db", 5432), 10_000);
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void factoriesWithTheSameOptionsShareOneClientAndOthersDoNot() throws Exception {
        ClientSource one = clients.source(options(server.port(), "/a"));
        ClientSource same = clients.source(options(server.port(), "/a"));
        ClientSource other = clients.source(options(server.port(), "/b"));
        assertThat(same.acquire()).isSameAs(one.acquire()).isNotSameAs(other.acquire());
        same.release();
        one.release();
        other.release();
    }

    @Test
    void aClientEndsSomeTimeAfterItsLastSocketAndTheNextSocketGetsANewOne() throws Exception {
        ClientSource source = clients.source(options(server.port(), "/a"));
        ClientSource.Tunnels first = source.acquire();
        source.release();
        await().until(() -> threadsOf("v2ws") == 0);
        assertThat(source.acquire()).isNotSameAs(first);
        source.release();
        try (TunnelSocket socket = socket("/a")) {
            echo(socket);
        }
    }

    @Test
    void aClientStaysWhileASocketIsOpen() throws Exception {
        try (TunnelSocket open = socket("/a")) {
            echo(open);
            try (TunnelSocket brief = socket("/a")) {
                echo(brief);
            }
            // As long as a client without sockets lasts, several times.
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            open.getOutputStream().write('y');
            assertThat(open.getInputStream().read()).isEqualTo('y');
        }
    }

    @Test
    void aSocketThatCouldNotConnectKeepsNoClientThoughNobodyClosesIt() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            TunnelSocket socket = new TunnelSocket(clients.source(options(closed.port(), "/a")));
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("db", 5432), 10_000))
                    .isInstanceOf(IOException.class);
            assertThat(threadsOf("v2ws")).isPositive();
            await().until(() -> threadsOf("v2ws") == 0);
        }
    }

    @Test
    void aDriverThatFlushesOnceMoreInItsCloseHearsTheFailureOnceAndItsReadsHearIt() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            Properties early = new Properties();
            early.setProperty("v2ws.client.maxEarlyData", "2048");
            DriverOptions options = DriverOptions.parse(early, "ws://127.0.0.1:" + closed.port() + "/a");
            try (TunnelSocket socket = new TunnelSocket(clients.source(options))) {
                socket.connect(InetSocketAddress.createUnresolved("db", 5432), 10_000);
                OutputStream out = socket.getOutputStream();
                assertThatThrownBy(() -> out.write('x')).isInstanceOf(ConnectException.class);
                assertThatCode(() -> out.write('x')).doesNotThrowAnyException();
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void aSocketWhoseTunnelBrokeKeepsNoClientThoughNobodyClosesIt() throws Exception {
        TunnelSocket socket = socket("/a");
        echo(socket);
        socket.getOutputStream().write('q');
        await().until(() -> threadsOf("v2ws") == 0);
        assertThat(socket.isClosed()).isFalse();
    }

    private static long threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }
}
