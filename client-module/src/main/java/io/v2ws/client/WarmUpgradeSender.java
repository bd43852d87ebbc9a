package io.v2ws.client;

import io.v2ws.WebSocketStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Upgrades on warm connections, and once more on a fresh one where the warm one was dead already and nothing can be
 * delivered twice.
 *
 * <p>A server may have acted upon a request although the connection then ended without a response. Without early data a
 * second request does no harm: an upgrade is a GET, and the tunnel it may have opened carried nothing. With early data
 * the bytes could reach the service twice, so the request is repeated only if the server says that it got no request
 * (408); otherwise the user sees the failure. To make that rare, the socket of a connection is checked just before use,
 * and connections are closed before the server would close them.
 */
final class WarmUpgradeSender implements UpgradeSender {
    private final UpgradeSender upgrader;
    private final WarmConnections connections;

    WarmUpgradeSender(UpgradeSender upgrader, WarmConnections connections) {
        this.upgrader = upgrader;
        this.connections = connections;
    }

    /** As {@link UpgradeSender#send}; the timeout is for both requests together. */
    @Override
    public CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout) {
        UpgradeResult result = new UpgradeResult();
        long start = System.nanoTime();
        attempt(earlyData, timeout, result).whenComplete((stream, failure) -> {
            if (failure == null) {
                return;
            }
            if (failure instanceof StaleConnectionException || failure instanceof SocketTimeoutException) {
                // The connections that were opened before are likely to be dead too.
                connections.discard();
            }
            Duration left = timeout.minusNanos(System.nanoTime() - start);
            if (isSafe(failure, earlyData) && left.toMillis() > 0 && !result.isDone()) {
                attempt(earlyData, left, result).whenComplete((again, second) -> {
                    if (second != null) {
                        result.completeExceptionally(second);
                    }
                });
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static boolean isSafe(Throwable failure, String earlyData) {
        return failure instanceof StaleConnectionException stale && (stale.isUntouched() || earlyData.isEmpty());
    }

    private CompletableFuture<WebSocketStream> attempt(String earlyData, Duration left, UpgradeResult result) {
        CompletableFuture<WebSocketStream> sent = upgrader.send(earlyData, left);
        result.failsToo(sent);
        sent.thenAccept(stream -> {
            result.open(stream);
            connections.reached();
        });
        return sent;
    }
}
