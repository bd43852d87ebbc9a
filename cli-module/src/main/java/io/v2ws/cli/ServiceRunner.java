package io.v2ws.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a service until SIGINT or SIGTERM, then closes it. */
final class ServiceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    /** Longer than any orderly close; a service manager kills much later. */
    private static final long PATIENCE_SECONDS = 10;

    private ServiceRunner() {}

    /**
     * Never returns. On a signal, closes the service and ends the JVM with exit code 0: a stop by signal is a success.
     * (The JVM's own code would be 143, which service managers take for a failure.)
     *
     * @param close ends the service
     * @param announce prints that the service runs; its reader may send the signal at once, so the handler is set
     *     before
     */
    static void run(Runnable close, Runnable announce) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endWithZero(close), "v2ws-stop"));
        announce.run();
        trimMemory();
        new CountDownLatch(1).await();
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

    private static void endWithZero(Runnable close) {
        int code = 0;
        Thread closing = new Thread(close, "v2ws-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (closing.isAlive()) {
                System.err.println("v2ws: still not ended after " + PATIENCE_SECONDS + " s, cut");
                code = 1;
            }
        } catch (InterruptedException interrupted) {
            code = 1;
        }
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
