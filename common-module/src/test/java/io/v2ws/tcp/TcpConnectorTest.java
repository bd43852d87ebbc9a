package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class TcpConnectorTest {
    private TcpRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private CompletableFuture<TcpStream> connect(String host, int port, long millis) {
        return rig.connector.connect(new HostAndPort(host, port), Duration.ofMillis(millis));
    }

    @Test
    void aRefusalNamesTheTargetAndTheReason() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            assertThatThrownBy(() -> connect("127.0.0.1", closed.port(), 5_000).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ConnectException.class)
                    .hasMessageContaining("127.0.0.1:" + closed.port())
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void aRefusalOfANameTellsWhichAddressesWereTried() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            assertThatThrownBy(() -> connect("localhost", closed.port(), 5_000).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConnectException.class)
                    .hasMessageContaining("localhost:" + closed.port())
                    .hasMessageContaining("127.0.0.1 ");
        }
    }

    @Test
    void aNameIsLookedUpAndItsAddressesTriedInTurn() throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(TcpRig.loopback(0));
            TcpStream stream =
                    connect("localhost", listener.getLocalPort(), 5_000).get(10, TimeUnit.SECONDS);
            assertThat(stream.remoteAddress().getPort()).isEqualTo(listener.getLocalPort());
            stream.close();
        }
    }

    @Test
    void aNameWithoutAnAddressIsAnError() {
        assertThatThrownBy(() -> connect("no-such-host.invalid", 1, 10_000).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void aTargetThatDoesNotAnswerIsGivenUpAfterTheTimeout() throws Exception {
        List<SocketChannel> crowd = new ArrayList<>();
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(TcpRig.loopback(0), 1);
            // More connections than the backlog holds: the kernel ignores the next.
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(listener.getLocalSocketAddress());
                crowd.add(channel);
            }
            long start = System.nanoTime();
            assertThatThrownBy(() ->
                            connect("127.0.0.1", listener.getLocalPort(), 300).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("127.0.0.1:" + listener.getLocalPort())
                    .hasMessageContaining("300 ms");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        } finally {
            for (SocketChannel channel : crowd) {
                channel.close();
            }
        }
    }

    @Test
    void aConnectThatIsCancelledLeavesNoConnection() throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(TcpRig.loopback(0));
            listener.setSoTimeout(10_000);
            CompletableFuture<TcpStream> connecting = connect("127.0.0.1", listener.getLocalPort(), 5_000);
            while (!connecting.cancel(false)) {
                // It was faster: once more.
                connecting.join().close();
                listener.accept().close();
                connecting = connect("127.0.0.1", listener.getLocalPort(), 5_000);
            }
            try (Socket accepted = listener.accept()) {
                accepted.setSoTimeout(10_000);
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void f5_stoppingResetsTheConnections() throws Exception {
        TcpRig.Pair pair = rig.pair();
        rig.connector.stop();
        assertThatThrownBy(() -> pair.socket().getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(TcpRig.outcome(pair.stream()).failure()).isNotNull();
    }
}
