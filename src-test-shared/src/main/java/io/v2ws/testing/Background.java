package io.v2ws.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Blocking work beside the test, each on a thread of its own: the common pool has one thread on two cores, and from JDK 25
 * on everything waits for it.
 */
public final class Background {
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
    };

    private Background() {}

    /** Runs a task; the future completes when it returns or throws. */
    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, THREADS);
    }

    /** Runs a task; the future completes with what it returns or throws. */
    public static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, THREADS);
    }
}
