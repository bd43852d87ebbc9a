package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.net.ConnectResetException;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that accept a connection and reset it before this side has seen that it is connected. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ConnectResetTest {
    private static final InetAddress FIRST = address(1);
    private static final InetAddress SECOND = address(2);

    private TcpRig rig;
    private ServerSocket listener;
    private ResetBeforeConnected selectors;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
        listener = new ServerSocket();
        selectors = new ResetBeforeConnected();
        selectors.start();
        rig.connector.hostedBy(selectors);
    }

    @AfterEach
    void close() throws Exception {
        selectors.stop();
        listener.close();
        rig.close();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Connects to a name with these addresses. */
    private CompletableFuture<TcpStream> connect(int port, InetAddress... addresses) {
        rig.names.put("service.test", addresses);
        return rig.connector.connect(new HostAndPort("service.test", port), Duration.ofSeconds(10));
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        try {
            throw new AssertionError("expected a failure, got " + future.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException x) {
            return x.getCause();
        } catch (Exception x) {
            throw new AssertionError(x);
        }
    }

    @ParameterizedTest(name = "a FIN before the reset: {0}")
    @ValueSource(booleans = {false, true})
    void aResetDuringTheConnectIsADisconnectAndNotAServiceThatCannotBeReached(boolean endsFirst) throws Exception {
        listener.bind(new InetSocketAddress(FIRST, 0));
        selectors.endsFirst = endsFirst;
        assertThat(failureOf(rig.connector.connect(
                        new HostAndPort("127.0.0.1", listener.getLocalPort()), Duration.ofSeconds(10))))
                .isInstanceOf(ConnectResetException.class)
                .hasMessageContaining("127.0.0.1:" + listener.getLocalPort())
                .hasMessageNotContaining("cannot");
    }

    @Test
    void resetsOfAllAddressesOfANameAreADisconnect() throws Exception {
        listener.bind(new InetSocketAddress(0));
        assertThat(failureOf(connect(listener.getLocalPort(), FIRST, SECOND)))
                .isInstanceOf(ConnectResetException.class)
                .hasMessageContainingAll("service.test:" + listener.getLocalPort(), "127.0.0.1 ", "127.0.0.2 ");
    }

    @ParameterizedTest(name = "the refusal comes first: {0}")
    @ValueSource(booleans = {false, true})
    void aSingleRefusalAmongThemIsAServiceThatCannotBeReached(boolean refusedFirst) throws Exception {
        listener.bind(new InetSocketAddress(FIRST, 0));
        List<InetAddress> order = refusedFirst ? List.of(SECOND, FIRST) : List.of(FIRST, SECOND);
        assertThat(failureOf(connect(listener.getLocalPort(), order.toArray(InetAddress[]::new))))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageContainingAll("cannot connect", "127.0.0.1 ", "127.0.0.2 ", "refused");
    }

    @Test
    void aRefusalIsAServiceThatCannotBeReached() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            assertThat(failureOf(connect(closed.port(), FIRST))).isExactlyInstanceOf(ConnectException.class);
        }
    }

    /** Java has no type of its own for it either; a router's answer is as if the connect itself had said so. */
    @Test
    void aNetworkThatCannotBeReachedIsNoReset() {
        assertThatThrownBy(() -> SocketChannel.open(new InetSocketAddress("255.255.255.255", 9)))
                .isExactlyInstanceOf(SocketException.class)
                .satisfies(failure ->
                        assertThat(ConnectResetException.isReset(failure)).isFalse());
    }

    /** Looks whether a connection is connected only when the service has reset it. */
    private final class ResetBeforeConnected extends SelectorManager {
        private volatile boolean endsFirst;

        ResetBeforeConnected() {
            super(rig.connector.executor(), rig.connector.scheduler());
            setConnectTimeout(HostedChannel.LONGEST_CONNECT.toMillis());
        }

        @Override
        protected boolean doFinishConnect(SelectableChannel channel) throws IOException {
            InetAddress target = ((SocketChannel) channel).socket().getInetAddress();
            if (listener.getInetAddress().isAnyLocalAddress()
                    || listener.getInetAddress().equals(target)) {
                resetNext();
            }
            return super.doFinishConnect(channel);
        }

        private void resetNext() throws IOException {
            try (Socket accepted = listener.accept()) {
                if (endsFirst) {
                    accepted.shutdownOutput();
                }
                accepted.setSoLinger(true, 0);
            }
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            return ((HostedChannel) key.attachment()).newEndPoint(channel, selector, key, getScheduler());
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
            return ((HostedChannel) attachment).newConnection(endPoint);
        }

        @Override
        public void connectionOpened(Connection connection, Object attachment) {
            super.connectionOpened(connection, attachment);
            ((HostedChannel) attachment).connectionOpened(connection);
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            ((HostedChannel) attachment).connectionFailed(cause);
        }
    }
}
