package io.v2ws.internal.net;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that look names up, for all clients and connectors of this JVM. A look-up blocks its thread, for minutes
 * if the DNS server does not answer, and cannot be interrupted. So look-ups get no thread that carries tunnels, and
 * there is a bound: further look-ups wait. Idle threads end. Safe for any thread.
 */
final class LookupThreads implements Executor {
    /** How many names are looked up at once. */
    static final int MOST_THREADS = 32;

    static final String THREAD_NAME = "v2ws-lookup";

    private static final int MOST_WAITING = 1000;
    private static final int IDLE_SECONDS = 1;
    private static final LookupThreads SHARED = new LookupThreads();

    private final ThreadPoolExecutor threads;

    private LookupThreads() {
        threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                LookupThreads::newThread);
        threads.allowCoreThreadTimeOut(true);
    }

    static LookupThreads shared() {
        return SHARED;
    }

    private static Thread newThread(Runnable lookups) {
        Thread thread = new Thread(lookups, THREAD_NAME);
        thread.setDaemon(true);
        // Not that of the web application which happens to come first, and which may be stopped.
        thread.setContextClassLoader(LookupThreads.class.getClassLoader());
        return thread;
    }

    /**
     * Has a name looked up.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    @Override
    public void execute(Runnable lookup) {
        threads.execute(lookup);
    }
}
