package io.v2ws.client;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Upgrades on warm connections, and once more on a fresh one where the warm one was dead already and nothing can be
 * delivered twice.
 *
 * <p>A request that was written may have been acted upon, although the connection then ended without an answer. Without
 * early data that does no harm: an upgrade is a GET, and the tunnel it may have opened carried nothing. With early data its
 * bytes could reach the service twice, so it is repeated only if the server said that it had not got a request (408);
 * otherwise the failure is what the user sees. To make that rare, a connection is asked for its pulse just before it is
 * used, and closed before the server would.
 */
final class WarmUpgrade {
    private final Upgrade upgrade;
    private final WarmConnections connections;
    private final Duration timeout;

    /**
     * Makes an upgrade.
     *
     * @param timeout for both tries together
     */
    WarmUpgrade(Upgrade upgrade, WarmConnections connections, Duration timeout) {
        this.upgrade = upgrade;
        this.connections = connections;
        this.timeout = timeout;
    }

    /** See {@link Upgrade#send}. */
    CompletableFuture<WebSocketStream> send(String earlyData) {
        CompletableFuture<WebSocketStream> result = new CompletableFuture<>();
        long start = System.nanoTime();
        attempt(earlyData, timeout, result).whenComplete((stream, failure) -> {
            if (failure == null) {
                return;
            }
            if (failure instanceof StaleConnectionException || failure instanceof SocketTimeoutException) {
                // What was opened before is no better.
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

    private CompletableFuture<WebSocketStream> attempt(
            String earlyData, Duration left, CompletableFuture<WebSocketStream> result) {
        CompletableFuture<WebSocketStream> sent = upgrade.send(earlyData, left);
        result.whenComplete((stream, failure) -> {
            if (failure != null) {
                sent.completeExceptionally(failure);
            }
        });
        sent.thenAccept(stream -> {
            if (!result.complete(stream)) {
                stream.abort(new IOException("the upgrade was cancelled"));
            }
            connections.reached();
        });
        return sent;
    }
}
