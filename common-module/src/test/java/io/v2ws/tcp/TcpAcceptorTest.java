package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class TcpAcceptorTest {
    private final BlockingQueue<TcpStream> accepted = new LinkedBlockingQueue<>();
    private TcpRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static Socket connect(TcpAcceptor acceptor) throws IOException {
        Socket socket = new Socket();
        socket.connect(acceptor.localAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void eachConnectionIsHandedOut() throws Exception {
        try (TcpAcceptor acceptor = TcpAcceptor.listen(rig.connector, TcpRig.loopback(0), accepted::add)) {
            assertThat(acceptor.localAddress().getPort()).isPositive();
            for (int i = 0; i < 20; i++) {
                try (Socket socket = connect(acceptor)) {
                    TcpStream stream = accepted.poll(10, TimeUnit.SECONDS);
                    assertThat(stream.remoteAddress()).isEqualTo(socket.getLocalSocketAddress());
                    TcpRig.write(stream, true, (byte) i).get(10, TimeUnit.SECONDS);
                    assertThat(socket.getInputStream().readAllBytes()).containsExactly(i);
                    stream.close();
                }
            }
        }
    }

    @Test
    void aHandlerThatFailsCostsItsConnectionOnly() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (TcpAcceptor acceptor = TcpAcceptor.listen(rig.connector, TcpRig.loopback(0), stream -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
            }
            accepted.add(stream);
        })) {
            try (Socket first = connect(acceptor)) {
                assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            try (Socket second = connect(acceptor)) {
                TcpStream stream = accepted.poll(10, TimeUnit.SECONDS);
                TcpRig.write(stream, true, (byte) 7).get(10, TimeUnit.SECONDS);
                assertThat(second.getInputStream().read()).isEqualTo(7);
                stream.close();
            }
        }
    }

    @Test
    void closeEndsTheListeningAndLeavesConnectionsAlone() throws Exception {
        TcpAcceptor acceptor = TcpAcceptor.listen(rig.connector, TcpRig.loopback(0), accepted::add);
        try (Socket socket = connect(acceptor)) {
            TcpStream stream = accepted.poll(10, TimeUnit.SECONDS);
            acceptor.close();
            acceptor.close();
            // A thread that is just accepting keeps the socket for a moment.
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> connect(acceptor).close()).isInstanceOf(ConnectException.class));
            TcpRig.write(stream, true, (byte) 7).get(10, TimeUnit.SECONDS);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
            stream.close();
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws Exception {
        try (TcpAcceptor acceptor = TcpAcceptor.listen(rig.connector, TcpRig.loopback(0), accepted::add)) {
            assertThatThrownBy(() -> TcpAcceptor.listen(rig.connector, acceptor.localAddress(), accepted::add))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining(
                            Integer.toString(acceptor.localAddress().getPort()));
        }
    }
}
