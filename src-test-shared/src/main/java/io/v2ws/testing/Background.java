package io.v2ws.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Blocking work beside the test, each on a thread of its own: the common pool has one thread on two cores, and from JDK
 * 25 on everything waits for it.
 */
public final class Background {
    private Background() {}

    /** Work without a result. */
    public interface Task {
        /**
         * Does the work.
         *
         * @throws Exception if that fails
         */
        void run() throws Exception;
    }

    /** Runs a task; the future completes when it returns or throws. */
    public static CompletableFuture<Void> run(Task task) {
        return supply(() -> {
            task.run();
            return null;
        });
    }

    /** Runs a task; the future completes with what it returns or throws. */
    public static <T> CompletableFuture<T> supply(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(result, task), "background");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
    }
}
