package io.v2ws.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a service running until SIGINT or SIGTERM, then ends it in order. */
final class UntilSignal {
    private static final Logger LOG = LoggerFactory.getLogger(UntilSignal.class);

    /** Longer than any orderly end takes; a service manager would kill much later. */
    private static final long PATIENCE_SECONDS = 10;

    private UntilSignal() {}

    /**
     * Blocks for ever. On a signal the service is closed and the JVM ends with exit code 0: being told to stop is how a
     * service ends in order. (The JVM's own answer would be 143, which service managers take for a failure.)
     *
     * @param close ends the service
     * @param announce says that the service runs; whoever reads it may send the signal at once
     */
    static void run(Runnable close, Runnable announce) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endWithZero(close), "v2ws-stop"));
        announce.run();
        giveMemoryBack();
        new CountDownLatch(1).await();
    }

    /** For ever, or until the JVM has had enough of it: a courtesy must not end the service. */
    private static void giveMemoryBack() throws InterruptedException {
        try {
            SpareMemory memory = new SpareMemory();
            while (true) {
                TimeUnit.MILLISECONDS.sleep(SpareMemory.LOOK_MILLIS);
                memory.look();
            }
        } catch (RuntimeException | Error failed) {
            LOG.debug("No more memory is given back: {}", failed.toString());
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
