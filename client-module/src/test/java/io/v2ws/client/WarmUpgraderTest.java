package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpConnector;
import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the second request of {@link WarmUpgradeSender} gets. */
class WarmUpgraderTest {
    private static final Duration TIMEOUT = Duration.ofHours(1);

    private final List<Duration> timeouts = new ArrayList<>();
    private final List<CompletableFuture<WebSocketStream>> sent = new ArrayList<>();

    private CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout) {
        timeouts.add(timeout);
        sent.add(new CompletableFuture<>());
        return sent.get(sent.size() - 1);
    }

    private static WarmConnections connections() {
        return new WarmConnections(new ClientSettings(
                TunnelUrl.parse("ws://localhost"),
                WebSocketTransportOptions.defaults(),
                TlsOptions.builder().build(),
                null,
                null,
                Map.of(),
                new TcpConnector(),
                true,
                AddressOrder.SYSTEM,
                new AddressResolver(),
                WebSocketEngine.DIRECT,
                null,
                1,
                Duration.ofSeconds(8)));
    }

    @Test
    void c13_theSecondRequestGetsTheTimeThatIsLeft() throws Exception {
        WarmUpgradeSender upgrader = new WarmUpgradeSender(this::send, connections());
        long before = System.nanoTime();
        CompletableFuture<WebSocketStream> result = upgrader.send("", TIMEOUT);
        long began = System.nanoTime();
        long failed = System.nanoTime();
        sent.get(0).completeExceptionally(new StaleConnectionException(false, new EOFException()));
        long after = System.nanoTime();
        assertThat(timeouts).hasSize(2);
        assertThat(timeouts.get(1)).isBetween(TIMEOUT.minusNanos(after - before), TIMEOUT.minusNanos(failed - began));

        FakeStream stream = new FakeStream();
        sent.get(1).complete(stream);
        assertThat(Streams.get(result)).isSameAs(stream);
    }

    @Test
    void noSecondRequestAfterTheTimeIsOver() throws Exception {
        WarmUpgradeSender upgrader = new WarmUpgradeSender(this::send, connections());
        CompletableFuture<WebSocketStream> result = upgrader.send("", Duration.ZERO);
        StaleConnectionException stale = new StaleConnectionException(false, new EOFException());
        sent.get(0).completeExceptionally(stale);
        assertThat(Streams.failureOf(result)).isSameAs(stale);
        assertThat(timeouts).hasSize(1);
    }
}
