package io.v2ws.cli.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Sends much to an echo for a while, and compares and times what comes back. */
final class ThroughputStep {
    private static final int PIECE = 32 * 1024;
    private static final Duration SENDING = Duration.ofSeconds(4);
    private static final Duration RETURNING = Duration.ofSeconds(5);

    private ThroughputStep() {}

    /** Bytes that both ends of the comparison can make. */
    private static final class Pattern {
        private final SplittableRandom random = new SplittableRandom(7);
        private final byte[] piece = new byte[PIECE];
        private int used = PIECE;

        byte[] next() {
            byte[] fresh = new byte[PIECE];
            random.nextBytes(fresh);
            return fresh;
        }

        boolean matches(byte[] bytes, int count) {
            for (int done = 0; done < count; ) {
                if (used == PIECE) {
                    random.nextBytes(piece);
                    used = 0;
                }
                int length = Math.min(count - done, PIECE - used);
                if (!Arrays.equals(bytes, done, done + length, piece, used, used + length)) {
                    return false;
                }
                done += length;
                used += length;
            }
            return true;
        }
    }

    /** Compares what comes back; written by the reader of the tunnel. */
    private static final class Check implements Inbox.Sink {
        private final Pattern expected = new Pattern();
        private long count;
        private long first;
        private long last;
        private boolean wrong;

        @Override
        public synchronized void accept(byte[] bytes, int length) {
            last = System.nanoTime();
            first = count == 0 ? last : first;
            wrong |= !wrong && !expected.matches(bytes, length);
            count += length;
            notifyAll();
        }

        synchronized boolean await(long total, TimeLimit limit, Inbox inbox) throws InterruptedException {
            while (count < total && !wrong && !limit.isOver() && !inbox.isEnded()) {
                // The end of the tunnel notifies nobody here.
                wait(Math.max(1, Math.min(100, limit.left().toMillis())));
            }
            return count >= total && !wrong;
        }

        synchronized Duration duration() {
            return Duration.ofNanos(Math.max(1, last - first));
        }

        synchronized long count() {
            return count;
        }

        synchronized boolean isWrong() {
            return wrong;
        }
    }

    /**
     * Measures on an open tunnel to an echo.
     *
     * @param most bytes at most
     */
    static Step run(Link link, long most, TimeLimit whole) throws InterruptedException {
        Check check = new Check();
        Pattern pattern = new Pattern();
        link.inbox().pourInto(check);
        long start = System.nanoTime();
        TimeLimit sending = whole.part(SENDING);
        long sent = 0;
        Duration took = Duration.ZERO;
        IOException failure = null;
        try {
            while (sent < most && !sending.isOver() && !check.isWrong()) {
                byte[] piece = Arrays.copyOf(pattern.next(), (int) Math.min(PIECE, most - sent));
                link.write(piece, whole.part(SENDING.plus(RETURNING)));
                sent += piece.length;
                took = Duration.ofNanos(System.nanoTime() - start);
            }
            check.await(sent, whole.part(RETURNING), link.inbox());
        } catch (IOException x) {
            failure = x;
        }
        return describe(link, check, sent, took, failure);
    }

    private static Step describe(Link link, Check check, long sent, Duration took, IOException failure) {
        if (check.isWrong()) {
            return Step.failed(StepName.THROUGHPUT, "expected what was sent, but other bytes came back")
                    .todo("something on the way changes data: nothing that is sent through it can be trusted");
        }
        if (failure != null || check.count() == 0 || (link.inbox().isEnded() && check.count() < sent)) {
            String why = link.inbox().isEnded()
                    ? link.end() + " came"
                    : failure != null ? Causes.message(failure) : "nothing came back";
            return Step.failed(
                            StepName.THROUGHPUT,
                            "expected " + Show.bytes(sent) + " back, but after " + Show.bytes(check.count()) + ": "
                                    + why)
                    .todo("a proxy may limit how much, or how long, a tunnel carries: look at its log");
        }
        double up = perSecond(sent, took);
        double down = perSecond(check.count(), check.duration());
        Verdict verdict = check.count() == sent ? Verdict.OK : Verdict.WARNING;
        String summary = "up " + Show.rate(up) + ", down " + Show.rate(down) + ", both at once, with "
                + Show.bytes(sent)
                + (verdict == Verdict.OK
                        ? ""
                        : ", of which " + Show.bytes(sent - check.count()) + " did not come back in time");
        return Step.of(StepName.THROUGHPUT, verdict, summary)
                .fact("up_bytes_per_second", Math.round(up))
                .fact("down_bytes_per_second", Math.round(down))
                .fact("bytes", sent)
                .with(new Fact(
                        "bound",
                        "an echo returns no more than went up",
                        java.util.List.of("an echo returns no more than went up: down may be faster")));
    }

    private static double perSecond(long bytes, Duration time) {
        return bytes * 1e9 / Math.max(1, time.toNanos());
    }
}
