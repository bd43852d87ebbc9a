package io.v2ws.client;

import io.v2ws.EarlyData;
import io.v2ws.WebSocketStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens tunnels to the first of several servers that accepts them (C23). A tunnel that fails tries the others in order;
 * later tunnels go to the server that accepted one. Some time after a change, one tunnel tries the first server again.
 *
 * <p>Early data goes only to the server that accepted the last tunnel. If early data may have arrived, the tunnel is
 * not tried elsewhere. Every other attempt is without early data, and the same bytes follow as the first frame.
 *
 * <p>Safe for any thread. The fields are guarded by {@code lock}.
 */
final class Failover {
    /** After this time, a tunnel tries the first server again. */
    static final Duration BACK_AFTER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    private final AutoLock lock = new AutoLock();
    private final List<WebSocketTransportClient> clients;
    private final LongSupplier nanoTime;
    /** Where tunnels go. */
    private int current;
    /** When the server was changed, or the first one tried again. */
    private long changed;

    /**
     * Makes the choice among servers.
     *
     * @param clients at least one; one for each server, in the order of preference
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    Failover(List<WebSocketTransportClient> clients, LongSupplier nanoTime) {
        this.clients = List.copyOf(clients);
        this.nanoTime = nanoTime;
    }

    /** As {@link WebSocketTransportClient#open}. */
    CompletableFuture<WebSocketStream> open(ServerFirstWait serverFirstWait) {
        if (clients.size() == 1) {
            return clients.get(0).open(serverFirstWait);
        }
        int maxEarlyData = clients.stream()
                .mapToInt(client -> client.options().maxEarlyData())
                .min()
                .orElseThrow();
        return clients.get(0).open(serverFirstWait, maxEarlyData, this::upgrade);
    }

    private CompletableFuture<WebSocketStream> upgrade(String earlyData) {
        UpgradeResult result = new UpgradeResult();
        int server;
        boolean usual;
        try (AutoLock ignored = lock.lock()) {
            usual = current == 0 || nanoTime.getAsLong() - changed < BACK_AFTER.toNanos();
            if (!usual) {
                changed = nanoTime.getAsLong();
            }
            server = usual ? current : 0;
        }
        if (usual && !earlyData.isEmpty()) {
            withEarlyData(server, earlyData, result);
        } else {
            withoutEarlyData(server, clients.size(), earlyData, result);
        }
        return result;
    }

    private void withEarlyData(int server, String earlyData, UpgradeResult result) {
        CompletableFuture<WebSocketStream> sent = clients.get(server).upgrade(earlyData);
        result.failsToo(sent);
        sent.whenComplete((stream, failure) -> {
            if (stream != null) {
                result.open(stream);
            } else if (result.isDone()) {
                LOG.debug("A tunnel to {} was cancelled", clients.get(server));
            } else if (Refusal.isBeforeRequest(failure)) {
                withoutEarlyData(next(server), clients.size() - 1, earlyData, result);
            } else {
                // The data may have arrived, so this tunnel fails; the next one goes elsewhere.
                goTo(next(server), failure.getMessage());
                result.completeExceptionally(failure);
            }
        });
    }

    private void withoutEarlyData(int server, int left, String earlyData, UpgradeResult result) {
        CompletableFuture<WebSocketStream> sent = clients.get(server).upgrade("");
        result.failsToo(sent);
        sent.whenComplete((stream, failure) -> {
            if (stream != null) {
                goTo(server, "it accepts tunnels");
                sendFirst(earlyData, stream, result);
            } else if (left == 1 || result.isDone()) {
                result.completeExceptionally(failure);
            } else {
                LOG.debug("No tunnel to {}: {}", clients.get(server), failure.getMessage());
                withoutEarlyData(next(server), left - 1, earlyData, result);
            }
        });
    }

    private static void sendFirst(String earlyData, WebSocketStream stream, UpgradeResult result) {
        if (earlyData.isEmpty()) {
            result.open(stream);
        } else {
            ByteBuffer bytes = ByteBuffer.wrap(EarlyData.decode(earlyData));
            stream.write(false, bytes, Callback.from(() -> result.open(stream), result::completeExceptionally));
        }
    }

    private int next(int server) {
        return (server + 1) % clients.size();
    }

    private void goTo(int server, String reason) {
        try (AutoLock ignored = lock.lock()) {
            if (current == server) {
                return;
            }
            current = server;
            changed = nanoTime.getAsLong();
        }
        LOG.warn("Tunnels go to {} from now on: {}", clients.get(server), reason);
    }

    /** Names the servers. */
    @Override
    public String toString() {
        return clients.stream().map(WebSocketTransportClient::toString).collect(Collectors.joining(", else "));
    }
}
