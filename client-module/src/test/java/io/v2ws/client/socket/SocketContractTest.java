package io.v2ws.client.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.client.socket.SocketContractFixture.Kind;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of {@link Socket}, which the platform's own sockets and those of {@link TunnelSocketFactory} keep alike:
 * timeouts, close, shutdown and options. With early data, connecting means connect and the first write.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SocketContractTest {
    /** Far below the handshake timeout of the fixture, far above what a busy machine needs. */
    private static final long SOON_MILLIS = 10_000;

    private SocketContractFixture fixture;

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void start(Kind kind) throws Exception {
        fixture = new SocketContractFixture(kind);
    }

    private static Throwable failureOf(CompletableFuture<?> work) throws Exception {
        Throwable[] failure = new Throwable[1];
        work.handle((value, thrown) -> failure[0] = thrown).get(SOON_MILLIS, TimeUnit.MILLISECONDS);
        return failure[0];
    }

    /** Gives a background thread the time to block; no kind of socket shows that it has. */
    private static void letBlock(CompletableFuture<?> work) {
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertThat(work).isNotDone();
    }

    private void connectAndWrite(Socket socket, int timeout) throws IOException {
        socket.connect(fixture.address(), timeout);
        socket.getOutputStream().write(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aPeerThatSaysNothingFailsTheConnectAtItsTimeout(Kind kind) throws Exception {
        start(kind);
        fixture.fallSilent();
        try (Socket socket = fixture.socket()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> connectAndWrite(socket, 1000))
                    .isInstanceOf(SocketTimeoutException.class)
                    .message()
                    .isNotBlank();
            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isBetween(900L, SOON_MILLIS);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closeReleasesAThreadThatConnects(Kind kind) throws Exception {
        start(kind);
        fixture.fallSilent();
        Socket socket = fixture.socket();
        CompletableFuture<Void> connecting = Background.run(() -> connectAndWrite(socket, 0));
        letBlock(connecting);
        socket.close();
        assertThat(failureOf(connecting))
                .isInstanceOf(SocketException.class)
                .message()
                .contains("losed");
        assertThat(socket.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closeReleasesAThreadThatReads(Kind kind) throws Exception {
        start(kind);
        Socket socket = fixture.connected();
        InputStream in = socket.getInputStream();
        CompletableFuture<Integer> reading = Background.supply(in::read);
        letBlock(reading);
        socket.close();
        assertThat(failureOf(reading)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closeReleasesAThreadThatWrites(Kind kind) throws Exception {
        start(kind);
        Socket socket = fixture.connected();
        OutputStream out = socket.getOutputStream();
        CompletableFuture<Void> writing = Background.run(() -> {
            while (true) {
                // Nobody reads it.
                out.write(new byte[1 << 20]);
            }
        });
        letBlock(writing);
        socket.close();
        assertThat(failureOf(writing))
                .isInstanceOf(SocketException.class)
                .message()
                .contains("losed");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aClosedSocketRefusesEverythingButAnotherClose(Kind kind) throws Exception {
        start(kind);
        Socket socket = fixture.connected();
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        socket.close();
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isConnected()).isTrue();
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.setSoTimeout(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true))
                .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.connect(fixture.address(), 1000)).isInstanceOf(SocketException.class);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closingAStreamClosesTheSocket(Kind kind) throws Exception {
        start(kind);
        Socket one = fixture.connected();
        one.getInputStream().close();
        assertThat(one.isClosed()).isTrue();
        fixture.far();
        Socket other = fixture.connected();
        other.getOutputStream().close();
        assertThat(other.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closeDeliversWhatWasWrittenBeforeIt(Kind kind) throws Exception {
        start(kind);
        Socket socket = fixture.connected();
        socket.getOutputStream().write(Bytes.utf8("bye"));
        socket.close();
        assertThat(fixture.far().read(3)).isEqualTo(Bytes.utf8("bye"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aReadThatTimedOutCanBeRepeated(Kind kind) throws Exception {
        start(kind);
        try (Socket socket = fixture.connected()) {
            socket.setSoTimeout(200);
            InputStream in = socket.getInputStream();
            long start = System.nanoTime();
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isBetween(180L, SOON_MILLIS);
            socket.setSoTimeout(0);
            fixture.far().send((byte) 7);
            assertThat(in.read()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shutdownInputIsTheEndForAThreadThatReads(Kind kind) throws Exception {
        start(kind);
        try (Socket socket = fixture.connected()) {
            InputStream in = socket.getInputStream();
            CompletableFuture<Integer> reading = Background.supply(in::read);
            letBlock(reading);
            socket.shutdownInput();
            assertThat(reading.get(SOON_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(-1);
            assertThat(socket.isInputShutdown()).isTrue();
            SocketContractFixture.Far far = fixture.far();
            far.send((byte) 7);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            socket.getOutputStream().write(8);
            assertThat(far.read(1)).containsExactly(8);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shutdownOutputRefusesWritesAndLeavesTheInput(Kind kind) throws Exception {
        start(kind);
        try (Socket socket = fixture.connected()) {
            OutputStream out = socket.getOutputStream();
            socket.shutdownOutput();
            assertThat(socket.isOutputShutdown()).isTrue();
            assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
            assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
            fixture.far().send((byte) 7);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyOptionOfThePlatformCanBeSetAndRead(Kind kind) throws Exception {
        start(kind);
        Set<SocketOption<?>> platform;
        try (Socket plain = new Socket()) {
            platform = plain.supportedOptions();
        }
        try (Socket socket = fixture.connected()) {
            assertThat(socket.supportedOptions()).isEqualTo(platform);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
            assertThat(socket.getTcpNoDelay()).isFalse();
            assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, false);
            assertThat(socket.getKeepAlive()).isFalse();
            socket.setOption(StandardSocketOptions.SO_LINGER, 3);
            assertThat(socket.getSoLinger()).isEqualTo(3);
            socket.setOption(StandardSocketOptions.SO_LINGER, -1);
            assertThat(socket.getSoLinger()).isEqualTo(-1);
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 65536);
            assertThat(socket.getOption(StandardSocketOptions.SO_RCVBUF)).isPositive();
            // Its constant is in jdk.net, which not every program has.
            for (SocketOption<?> option : platform) {
                if (option.name().equals("TCP_KEEPIDLE")) {
                    assertThat(socket.getOption(option)).isNotNull();
                    setInteger(socket, option, 77);
                    assertThat(socket.getOption(option)).isEqualTo(77);
                }
            }
            assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @SuppressWarnings("unchecked")
    private static void setInteger(Socket socket, SocketOption<?> option, int value) throws IOException {
        socket.setOption((SocketOption<Integer>) option, value);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anUnconnectedSocketHasNoStreams(Kind kind) throws Exception {
        start(kind);
        try (Socket socket = fixture.socket()) {
            assertThat(socket.isConnected()).isFalse();
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> socket.connect(fixture.address(), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
            socket.connect(fixture.address(), 5000);
            InetSocketAddress address = fixture.address();
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(address);
            assertThatThrownBy(() -> socket.connect(address, 1000)).isInstanceOf(SocketException.class);
        }
    }
}
