package io.v2ws.conformance;

import static io.v2ws.conformance.StreamRules.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.Sockets;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * F5 and F9 through a relay: a raw WebSocket peer on one side of the product, a plain TCP socket on the other.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"DIRECT_SERVER", "DIRECT_CLIENT"})
class RelayTest {
    @Parameter
    RelayUnderTest relay;

    private Relays relays;
    private RelayEnds ends;

    @AfterEach
    final void close() throws Exception {
        ends.close();
        relays.close();
    }

    private void start(WebSocketTransportOptions.Builder options) throws Exception {
        relays = relay.newRelays();
        ends = relays.open(options.build());
        ends.tcp().setSoTimeout(10_000);
    }

    /** With half-close announced on both ends. */
    private void startAgreed() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(100)));
        ends.peer().sendText("");
        if (relay.isServer()) {
            ends.peer().expectEmptyText();
        }
        // The answer to a ping behind the announcement: it was read.
        ends.peer().sendPing((byte) 1);
        ends.peer().expectFrame(FrameBytes.PONG);
    }

    private void expectTcp(byte[] bytes) throws Exception {
        assertThat(ends.tcp().getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    private void expectTcpEnd() throws Exception {
        assertThat(ends.tcp().getInputStream().read()).isEqualTo(-1);
    }

    private void expectTcpReset() {
        assertThatThrownBy(() -> ends.tcp().getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void f5_anErrorCodeOfThePeerBecomesATcpReset() throws Exception {
        start(options());
        ends.peer().sendBinary((byte) 1);
        expectTcp(new byte[] {1});
        ends.peer().sendClose(1011, "");
        expectTcpReset();
    }

    @Test
    void f5_aFinWithoutACloseFrameBecomesAFinAndTheOtherDirectionStaysOpen() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(100)));
        ends.peer().sendBinary((byte) 1);
        ends.peer().shutdownOutput();
        expectTcp(new byte[] {1});
        expectTcpEnd();
        awaitLingerOver();
        sendAnswerByTcp();
        ends.peer().expectClose(1000);
    }

    @Test
    void f5_betweenTwoV2wsEndsAFinWithoutACloseFrameBecomesATcpReset() throws Exception {
        startAgreed();
        ends.peer().sendBinary((byte) 1);
        expectTcp(new byte[] {1});
        ends.peer().shutdownOutput();
        expectTcpReset();
    }

    @Test
    void f5_aTcpResetBecomesClose1011() throws Exception {
        start(options());
        ends.tcp().getOutputStream().write(1);
        assertThat(ends.peer().readBinary(1)).containsExactly(1);
        Sockets.reset(ends.tcp());
        ends.peer().expectClose(1011);
    }

    @Test
    void f9_theEndOfTheWebSocketsOutputIsAFinAndTheOtherDirectionStaysOpen() throws Exception {
        startAgreed();
        ends.peer().sendBinary((byte) 1);
        ends.peer().sendText("");
        expectTcp(new byte[] {1});
        expectTcpEnd();
        awaitLingerOver();
        sendAnswerByTcp();
        // With or without an empty text in front: both directions have ended.
        ends.peer().expectClose(1000);
    }

    @Test
    void f9_aFinIsTheEndOfTheWebSocketsInputAndTheOtherDirectionStaysOpen() throws Exception {
        startAgreed();
        ends.tcp().getOutputStream().write(1);
        ends.tcp().shutdownOutput();
        assertThat(ends.peer().readBinary(1)).containsExactly(1);
        ends.peer().expectEmptyText();
        awaitLingerOver();
        byte[] answer = Bytes.random(3, 1 << 20);
        ends.peer().sendBinary(answer);
        ends.peer().sendText("");
        expectTcp(answer);
        expectTcpEnd();
        assertThat(ends.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    /** Sends much from the TCP side, and then its end. */
    private void sendAnswerByTcp() throws Exception {
        byte[] answer = Bytes.random(3, 1 << 20);
        ends.tcp().getOutputStream().write(answer);
        ends.tcp().shutdownOutput();
        assertThat(ends.peer().readBinary(answer.length)).isEqualTo(answer);
    }

    /** The linger must not end what both ends agreed on: waits five times as long. */
    private static void awaitLingerOver() {
        long start = System.nanoTime();
        Awaitility.await().until(() -> System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void f9_whereThePeerKnowsNoHalfCloseAFinEndsTheRelayAfterTheLinger() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(300)));
        long start = System.nanoTime();
        ends.tcp().getOutputStream().write(1);
        ends.tcp().shutdownOutput();
        assertThat(ends.peer().readBinary(1)).containsExactly(1);
        assertThat(ends.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }

    @Test
    void f9_trafficInTheOtherDirectionProlongsTheLinger() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(600)));
        ends.tcp().shutdownOutput();
        long start = System.nanoTime();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    ends.peer().sendBinary((byte) 1);
                    return ends.tcp().getInputStream().read() == 1
                            && System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(1_500);
                });
        assertThat(ends.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    @Test
    void f9_close1000DeliversAllThatCameBeforeIt() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(300)));
        byte[] payload = Bytes.random(4, 4 << 20);
        CompletableFuture<byte[]> taken =
                Background.supply(() -> ends.tcp().getInputStream().readNBytes(payload.length));
        ends.peer().sendBinary(payload);
        ends.peer().sendClose(1000, "");
        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(payload);
        expectTcpEnd();
        assertThat(ends.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(1000);
    }

    @Test
    void f9_dataOfTheOtherSideDoesNotSpoilTheDeliveryBehindClose1000() throws Exception {
        start(options().halfCloseLinger(Duration.ofMillis(300)));
        byte[] payload = Bytes.random(4, 4 << 20);
        // On its way to a peer that has closed: it must be taken and dropped, or TCP would answer it with a reset.
        ends.tcp().getOutputStream().write(new byte[200_000]);
        CompletableFuture<byte[]> taken =
                Background.supply(() -> ends.tcp().getInputStream().readNBytes(payload.length));
        ends.peer().sendBinary(payload);
        ends.peer().sendClose(1000, "");
        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(payload);
        expectTcpEnd();
    }
}
