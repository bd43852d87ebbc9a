package io.v2ws.client;

import io.v2ws.WebSocketStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends upgrade requests to one server. */
interface UpgradeSender {

    /**
     * Sends one request.
     *
     * @param earlyData base64url, empty for none
     * @param timeout for connection and upgrade together
     * @return completes with the open stream, or with an {@link java.io.IOException}: a {@link
     *     StaleConnectionException} if a warm connection was used and not a byte came back. Completing the future from
     *     outside cancels the upgrade
     */
    CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout);
}
