package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many tunnels at once, and many one after the other: nobody's bytes are mixed up and nothing stays behind. */
@ExtendWith(LeakCheck.class)
class TcpForwarderLoadTest {
    private static final int TUNNELS = 200;

    @Test
    void twoHundredTunnelsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<RawWebSocketPeer> peers = new ArrayList<>();
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port())) {
            for (int i = 0; i < TUNNELS; i++) {
                peers.add(server.open());
            }
            await().until(() -> echo.liveSockets().size() == TUNNELS);
            List<CompletableFuture<Void>> work = new ArrayList<>();
            for (int i = 0; i < TUNNELS; i++) {
                int seed = i;
                work.add(CompletableFuture.runAsync(() -> assertEchoed(peers.get(seed), seed, 100_000), threads));
            }
            for (CompletableFuture<Void> one : work) {
                one.get(60, TimeUnit.SECONDS);
            }
            for (RawWebSocketPeer peer : peers) {
                peer.sendClose(1000, "");
                peer.expectClose(1000);
                peer.expectEof();
            }
            await().until(() -> echo.liveSockets().isEmpty());
            assertThat(echo.acceptedConnections()).isEqualTo(TUNNELS);
            assertThat(echo.failures()).isEmpty();
        } finally {
            peers.forEach(RawWebSocketPeer::close);
            threads.shutdown();
        }
    }

    private static void assertEchoed(RawWebSocketPeer peer, int seed, int length) {
        try {
            byte[] bytes = Bytes.random(seed, length);
            peer.sendBinary(bytes);
            assertThat(Bytes.sha256(peer.readBinary(length))).isEqualTo(Bytes.sha256(bytes));
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
    }

    @Test
    void descriptorsAreBackAfterAThousandTunnels() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server = ForwardingServer.to(echo.port())) {
            // What is made on first use is no leak.
            use(server, 0);
            await().until(() -> echo.liveSockets().isEmpty());
            long sockets = stableSockets();
            long descriptors = LeakCheck.openDescriptors();
            for (int i = 1; i <= 1_000; i++) {
                use(server, i);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(LeakCheck.openSockets()).isLessThanOrEqualTo(sockets);
                assertThat(LeakCheck.openDescriptors()).isLessThanOrEqualTo(descriptors);
            });
            assertThat(echo.acceptedConnections()).isEqualTo(1_001);
        }
    }

    /** The number of sockets when it has not changed for a while. */
    private static long stableSockets() {
        long[] last = {-1};
        await().during(Duration.ofMillis(300)).until(() -> {
            long now = LeakCheck.openSockets();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }

    /** Three ways to end, in turn: in order, with a reset, and without a Close frame. */
    private static void use(ForwardingServer server, int number) throws Exception {
        try (RawWebSocketPeer peer = server.open(ForwardingServer.PATH + "aGVsbG8")) {
            peer.sendBinary((byte) number);
            assertThat(peer.readBinary(6)).isEqualTo(Bytes.concat(Bytes.utf8("hello"), new byte[] {(byte) number}));
            switch (number % 3) {
                case 0 -> {
                    peer.sendClose(1000, "");
                    peer.expectClose(1000);
                    peer.expectEof();
                }
                case 1 -> peer.reset();
                default -> peer.close();
            }
        }
    }
}
