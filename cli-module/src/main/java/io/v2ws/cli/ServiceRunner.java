package io.v2ws.cli;

import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a service until SIGINT or SIGTERM, then closes it. */
final class ServiceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    /** What a close may take in addition to its own bounds, on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private ServiceRunner() {}

    /**
     * Never returns. On a signal, closes the service and ends the JVM with exit code 0: a stop by signal is a success.
     * (The JVM's own code would be 143, which service managers take for a failure.)
     *
     * @param close ends the service
     * @param options of its tunnels; their times bound the close
     * @param announce prints that the service runs; its reader may send the signal at once, so the handler is set
     *     before
     */
    static void run(Runnable close, Collection<WebSocketTransportOptions> options, Runnable announce)
            throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endWithZero(close, longestClose(options)), "v2ws-stop"));
        announce.run();
        trimMemory();
        new CountDownLatch(1).await();
    }

    /**
     * Returns how long the close of a service may take. What ends before that, such as a reset that is held back until
     * the far side has read what was written, is never cut by the end of the process.
     */
    static Duration longestClose(Collection<WebSocketTransportOptions> options) {
        return options.stream()
                .map(tunnel ->
                        tunnel.closeWriteTimeout().plus(tunnel.closeTimeout()).plus(tunnel.resetDelay()))
                .reduce(Duration.ZERO, (one, two) -> one.compareTo(two) > 0 ? one : two)
                .plus(SLACK);
    }

    /** Best effort: a failure stops trimming, not the service. */
    private static void trimMemory() throws InterruptedException {
        try {
            IdleMemoryTrimmer trimmer = new IdleMemoryTrimmer();
            while (true) {
                TimeUnit.MILLISECONDS.sleep(IdleMemoryTrimmer.LOOK_MILLIS);
                trimmer.look();
            }
        } catch (RuntimeException | Error failed) {
            LOG.debug("Idle memory is not trimmed any more: {}", failed.toString());
        }
    }

    private static void endWithZero(Runnable close, Duration patience) {
        int code = 0;
        Thread closing = new Thread(close, "v2ws-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(patience.toMillis());
            if (closing.isAlive()) {
                System.err.println("v2ws: still not ended after " + patience.toSeconds() + " s, cut");
                code = 1;
            }
        } catch (InterruptedException interrupted) {
            code = 1;
        }
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
