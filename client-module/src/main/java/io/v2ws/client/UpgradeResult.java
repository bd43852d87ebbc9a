package io.v2ws.client;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The stream of an upgrade, to come. Completing it from outside, by {@code cancel} for example, cancels the upgrade.
 */
final class UpgradeResult extends CompletableFuture<WebSocketStream> {

    /** Returns the result of an upgrade, completed on a thread of the executor. */
    static UpgradeResult onThreadOf(Executor executor, CompletableFuture<WebSocketStream> opening) {
        UpgradeResult result = new UpgradeResult();
        result.failsToo(opening);
        opening.whenComplete((stream, failure) -> executor.execute(() -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.open(stream);
            }
        }));
        return result;
    }

    /** Completes with the stream, or aborts the stream if the upgrade was cancelled. */
    void open(WebSocketStream stream) {
        if (!complete(stream)) {
            stream.abort(new IOException("the upgrade was cancelled"));
        }
    }

    /** Fails after this time with what the supplier returns then, unless it has completed. */
    void failAfter(Duration timeout, Scheduler scheduler, Supplier<IOException> failure) {
        Scheduler.Task deadline = scheduler.schedule(
                () -> {
                    if (!isDone()) {
                        completeExceptionally(failure.get());
                    }
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        whenComplete((stream, ended) -> deadline.cancel());
    }

    /** Passes every failure of this result on to a step that leads to the result: no stream is wanted any more. */
    void failsToo(CompletableFuture<?> step) {
        whenComplete((stream, failure) -> {
            if (failure != null) {
                step.completeExceptionally(failure);
            }
        });
    }
}
