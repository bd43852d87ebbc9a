package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measured pings, and the code of the peer's Close frame. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class PingTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private RawWebSocketPeer peer;
    private WebSocketStream stream;

    private void open(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.keep(fixture.builder(server.url())
                .engine(engine)
                .options(ClientFixture.options().halfClose(false).build())
                .build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        peer = server.acceptUpgrade().peer();
        stream = Streams.get(connecting);
    }

    @ParameterizedTest
    @JettyEngines
    void aPingIsMeasuredByItsOwnPongOnly(WebSocketEngine engine) throws Exception {
        open(engine);
        Streams.demand(stream);
        CompletableFuture<Duration> ping = stream.ping(LONG);
        RawFrame frame = peer.expectFrame(FrameBytes.PING);
        assertThat(frame.payload()).hasSize(8);
        peer.sendPong();
        peer.sendPong(new byte[8]);
        peer.sendPong(new byte[125]);
        assertThat(Streams.staysIncomplete(ping, 100)).isTrue();
        peer.sendPong(frame.payload());

        assertThat(Streams.get(ping)).isPositive();
        CompletableFuture<Duration> next = stream.ping(LONG);
        assertThat(peer.expectFrame(FrameBytes.PING).payload()).isNotEqualTo(frame.payload());
        assertThatThrownBy(() -> stream.ping(LONG)).isInstanceOf(IllegalStateException.class);
        peer.close();
        assertThat(Streams.failureOf(next)).isInstanceOf(IOException.class);
        assertThat(Streams.failureOf(stream.ping(LONG))).isInstanceOf(IOException.class);
        stream.close();
    }

    @ParameterizedTest
    @JettyEngines
    void aPingWithoutPongTimesOutAndTheStreamGoesOn(WebSocketEngine engine) throws Exception {
        open(engine);
        CompletableFuture<Void> demand = Streams.demand(stream);
        assertThat(Streams.failureOf(stream.ping(Duration.ofMillis(50)))).isInstanceOf(TimeoutException.class);
        peer.expectFrame(FrameBytes.PING);
        peer.sendBinary((byte) 1);
        Streams.get(demand);
        assertThat(Streams.read(stream, 1)).containsExactly(1);
        stream.close();
    }

    @ParameterizedTest
    @JettyEngines
    void thePeersPingsAreCounted(WebSocketEngine engine) throws Exception {
        open(engine);
        Streams.demand(stream);
        assertThat(stream.pingsReceived()).isZero();
        for (byte i = 0; i < 3; i++) {
            peer.sendPing(i);
            assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(i);
        }
        assertThat(stream.pingsReceived()).isEqualTo(3);
        stream.close();
    }

    @ParameterizedTest
    @CsvSource({"DIRECT,1000", "DIRECT,4711", "DIRECT,1005", "JETTY,1000", "JETTY,4711", "JETTY,1005"})
    void theCodeOfThePeersCloseFrameIsKept(WebSocketEngine engine, int code) throws Exception {
        open(engine);
        assertThat(stream.closeCode()).isEqualTo(1006);
        Streams.demand(stream);
        if (code == RawFrame.NO_CODE) {
            peer.send(peer.frame(FrameBytes.CLOSE));
        } else {
            peer.sendClose(code, "");
        }
        peer.expectClose(code);
        peer.close();
        Streams.get(stream.closed());

        assertThat(stream.closeCode()).isEqualTo(code);
        stream.close();
    }
}
