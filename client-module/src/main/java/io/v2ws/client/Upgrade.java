package io.v2ws.client;

import io.v2ws.WebSocketStream;
import java.util.concurrent.CompletableFuture;

/** Sends upgrade requests to one server. */
interface Upgrade {

    /**
     * Sends one.
     *
     * @param earlyData base64url, empty for none
     * @return completes with the open stream, or with an {@link java.io.IOException}; completing it from outside cancels
     *     the upgrade
     */
    CompletableFuture<WebSocketStream> send(String earlyData);
}
