package io.v2ws.tcp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the open connections of a connector, and tells when all of them have ended. Safe for any thread. */
final class OpenConnections {
    private final AtomicInteger open = new AtomicInteger();
    private volatile CompletableFuture<Void> idle;

    /** A connection has opened; {@link #closed} follows once. */
    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        if (open.decrementAndGet() == 0) {
            completeIfNone();
        }
    }

    /** Returns what completes as soon as there are none. */
    CompletableFuture<Void> none() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        idle = ended;
        completeIfNone();
        return ended;
    }

    /** Whether somebody waits until there are none. */
    boolean isAwaited() {
        return idle != null;
    }

    /** Nobody waits any more. */
    void reset() {
        idle = null;
    }

    private void completeIfNone() {
        CompletableFuture<Void> waiting = idle;
        if (waiting != null && open.get() == 0) {
            waiting.complete(null);
        }
    }
}
