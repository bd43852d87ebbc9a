package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One peer that sends as fast as it can must not keep the others waiting: they may share its network thread. */
@ExtendWith(LeakCheck.class)
class FloodTest {
    private static final int ROUND_TRIPS = 200;

    @Test
    @Timeout(30)
    void f3_aFloodOfPingsLeavesTheNeighboursTheirTurn() throws Exception {
        AtomicBoolean flooding = new AtomicBoolean(true);
        AtomicLong sent = new AtomicLong();
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .filter(WebSocketUpgradeFilter.builder(WebSocketTransportOptions.defaults(), new EchoHandler())
                                .build())
                        .start();
                RawWebSocketPeer flooder = RawWebSocketPeer.connect(jetty.port());
                RawWebSocketPeer neighbour = RawWebSocketPeer.connect(jetty.port())) {
            flooder.upgrade("/");
            neighbour.upgrade("/");
            Thread thread = new Thread(() -> flood(flooder, flooding, sent), "flooder");
            Thread drain = new Thread(() -> drain(flooder), "drain");
            drain.start();
            thread.start();
            await().until(() -> sent.get() > 100);
            long before = sent.get();
            // As many as it takes for the flood to have gone on meanwhile.
            for (int i = 0; i < ROUND_TRIPS || sent.get() < before + 100; i++) {
                neighbour.sendBinary((byte) i);
                assertThat(neighbour.readBinary(1)).containsExactly((byte) i);
            }
            flooding.set(false);
            thread.join();
            flooder.reset();
            drain.join();
        }
    }

    private static void flood(RawWebSocketPeer peer, AtomicBoolean flooding, AtomicLong sent) {
        FrameBytes[] pings = new FrameBytes[1_000];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = peer.frame(FrameBytes.PING);
        }
        try {
            while (flooding.get()) {
                peer.send(pings);
                sent.incrementAndGet();
            }
        } catch (IOException closedByTheTest) {
            // The end of the flood.
        }
    }

    private static void drain(RawWebSocketPeer peer) {
        byte[] pongs = new byte[64 * 1024];
        try {
            while (peer.input().read(pongs) >= 0) {
                // Only so that the pongs do not stop the flood.
            }
        } catch (IOException closedByTheTest) {
            // The end of the flood.
        }
    }
}
