package io.v2ws.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves threads behind, or in which an exception was caught by no thread. Use it with
 * {@code @ExtendWith(LeakCheck.class)}; it looks after the class's own {@code @AfterAll} methods. Threads are seen in
 * the whole JVM, so classes must not run in parallel. The static methods look for other leaks.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);

    /** Threads that the JVM and the test tools keep for later, and our own shared timer. */
    private static final Pattern WELL_KNOWN = Pattern.compile("process reaper.*"
            + "|ForkJoinPool.*"
            + "|Common-Cleaner|Cleaner-\\d+|Reference Handler|Finalizer|Signal Dispatcher|Attach Listener"
            + "|Notification Thread|DestroyJavaVM|CompletableFutureDelayScheduler"
            + "|Keep-Alive-(Timer|SocketCleaner)|HttpClient-\\d+-.*|idle-timeout-task"
            + "|surefire-.*|ping-timer-.*|junit-.*|awaitility.*|Java2D Disposer"
            + "|" + WriteDeadline.THREAD_NAME);

    /** What a class is compared with when it has ended. */
    private record Before(Set<Thread> threads, Thread.UncaughtExceptionHandler handler, Queue<Throwable> uncaught) {}

    /** Created by JUnit. */
    public LeakCheck() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        Before before = new Before(liveThreads(), Thread.getDefaultUncaughtExceptionHandler(), uncaught);
        context.getStore(NAMESPACE).put(context.getUniqueId(), before);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, cause) -> uncaught.add(new AssertionError("uncaught in thread " + thread.getName(), cause)));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Before before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Before.class);
        boolean clean = comesTrue(() -> leftover(before.threads()).isEmpty());
        Thread.setDefaultUncaughtExceptionHandler(before.handler());
        AssertionError failure = clean ? null : leakedThreads(leftover(before.threads()));
        for (Throwable cause : before.uncaught()) {
            failure = failure == null ? new AssertionError("an exception was caught by no thread") : failure;
            failure.addSuppressed(cause);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Waits until every buffer of a pool was given back, at most 10 seconds.
     *
     * @throws AssertionError if some were not; it names the places that acquired them
     */
    public static void assertNoLeakedBuffers(ArrayByteBufferPool.Tracking pool) {
        if (!comesTrue(() -> pool.getLeaks().isEmpty())) {
            throw new AssertionError("leaked buffers:\n" + pool.dumpLeaks());
        }
    }

    /** Returns how many file descriptors this process has open; skips the test where the system is not Linux. */
    public static long openDescriptors() {
        return countDescriptors("");
    }

    /**
     * Returns how many sockets this process has open, those of Unix domain and unconnected ones too; skips the test
     * where the system is not Linux.
     */
    public static long openSockets() {
        return countDescriptors("socket:");
    }

    private static long countDescriptors(String start) {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc/self/fd of Linux");
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> linkOf(descriptor).startsWith(start))
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The target of a descriptor; empty if it was closed while we looked. */
    private static String linkOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean comesTrue(Callable<Boolean> condition) {
        try {
            // An exception that nobody caught must reach our own handler, not Awaitility's.
            await().dontCatchUncaughtExceptions()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(PATIENCE)
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static Set<Thread> liveThreads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static List<Thread> leftover(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> !WELL_KNOWN.matcher(thread.getName()).matches())
                .toList();
    }

    private static AssertionError leakedThreads(List<Thread> threads) {
        AssertionError failure = new AssertionError(
                "threads left behind: " + threads.stream().map(Thread::getName).collect(Collectors.joining(", ")));
        for (Thread thread : threads) {
            Throwable stack = new Throwable("thread " + thread.getName() + " (" + thread.getState() + ")");
            stack.setStackTrace(thread.getStackTrace());
            failure.addSuppressed(stack);
        }
        return failure;
    }
}
