package io.v2ws.internal.io;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.util.thread.AutoLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where busy connections take turns. Network threads serve many connections; one that has had its turn goes on here,
 * behind all others that are as busy, in order of arrival and on no more threads than there are processors: with a
 * thread for each of them the network threads, and with them new and quiet connections, would wait for all.
 */
public final class FairExecutor {
    /**
     * What one turn may cost, in bytes: a millisecond or two. Shorter ones let new connections open sooner, and carried
     * less where many were downloading (docs/performance.md).
     */
    public static final int LENGTH = 2 * 1024 * 1024;

    /** What a step costs besides its bytes: of frames without any, a turn has 1,024. */
    public static final int STEP = LENGTH / 1024;

    /** How many turns run at a time, on as many threads. */
    static final int MOST = Math.max(2, Runtime.getRuntime().availableProcessors());

    /** So many turns a thread runs in a row before it lets go of the executor: others may have work for that, too. */
    static final int IN_A_ROW = 32;

    private static final Logger LOG = LoggerFactory.getLogger(FairExecutor.class);

    private static final Map<Executor, Line> LINES = Collections.synchronizedMap(new WeakHashMap<>());

    private final Executor executor;
    private final Line line;

    /** Makes the turns of a connection; all that have the same executor stand in one line. */
    public FairExecutor(Executor executor) {
        this(executor, LINES.computeIfAbsent(executor, any -> new Line()));
    }

    private FairExecutor(Executor executor, Line line) {
        this.executor = executor;
        this.line = line;
    }

    /**
     * Those who wait, and how many do not. While nobody waits it does not hold the executor, which can be forgotten
     * then.
     */
    private static final class Line {
        private final AutoLock lock = new AutoLock();
        private final Queue<Turn> waiting = new ArrayDeque<>();
        private int running;

        /** Whether the turn may start; if not, it waits. */
        boolean admits(Turn turn) {
            try (AutoLock ignored = lock.lock()) {
                if (running == MOST) {
                    waiting.add(turn);
                    return false;
                }
                running++;
                return true;
            }
        }

        /** Runs a turn and those that wait behind it; null for none. */
        void work(Turn first) {
            Turn turn = first;
            for (int count = 1; turn != null; count++) {
                turn.runTask();
                turn = next();
                if (turn != null && count % IN_A_ROW == 0 && turn.isTaken()) {
                    return;
                }
            }
        }

        /** A turn is over: who comes next, or null. */
        private Turn next() {
            try (AutoLock ignored = lock.lock()) {
                Turn next = waiting.poll();
                if (next == null) {
                    running--;
                }
                return next;
            }
        }
    }

    /**
     * Has the executor run a task when its turn comes.
     *
     * @param task must not block: it would keep others from theirs
     * @throws RejectedExecutionException if the executor is stopped; who waited for the same thread has had its turn
     *     then
     */
    public void next(Runnable task) {
        Turn turn = new Turn(task);
        if (!line.admits(turn)) {
            return;
        }
        try {
            executor.execute(turn);
        } catch (RejectedExecutionException stopped) {
            line.work(line.next());
            throw stopped;
        }
    }

    /** One turn, and then those of others: waking a thread for each would cost more than the turn. */
    private final class Turn implements Runnable, Closeable {
        private final Runnable task;

        Turn(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            line.work(this);
        }

        /** Whatever it throws is its own failure: the place in the line is not to be lost over it. */
        void runTask() {
            try {
                task.run();
            } catch (Throwable x) {
                LOG.warn("A connection failed in its turn", x);
            }
            // Not meant for whoever comes next.
            Thread.interrupted();
        }

        /** Whether another thread of the executor runs it. */
        boolean isTaken() {
            try {
                executor.execute(this);
                return true;
            } catch (RejectedExecutionException stopped) {
                return false;
            }
        }

        /** What Jetty's pool does at its stop with whom it does not run any more: then each ends what it began. */
        @Override
        public void close() {
            run();
        }
    }
}
