package io.v2ws.cli.probe;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Round trips: of pings, and of data. */
final class PingSteps {
    private static final int PINGS = 10;
    private static final int MOST_LOST = 2;
    private static final int SAMPLE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FOR_ALL = Duration.ofSeconds(10);

    private PingSteps() {}

    /** Sends pings on an open tunnel. */
    static Step pings(Link link, TimeLimit whole) throws InterruptedException {
        List<Duration> times = new ArrayList<>();
        TimeLimit limit = whole.part(FOR_ALL);
        int sent = 0;
        int lost = 0;
        while (sent < PINGS && lost < MOST_LOST && !limit.isOver()) {
            try {
                sent++;
                times.add(link.ping(limit.part(PATIENCE)));
            } catch (SocketTimeoutException x) {
                lost++;
            } catch (IOException x) {
                Step ended = Step.of(
                        StepName.PINGS,
                        Verdict.UNKNOWN,
                        times.size() + " of " + sent + " answered, then came " + link.end());
                return figures(ended, sent, times);
            }
        }
        return figures(judged(sent, times), sent, times);
    }

    private static Step figures(Step step, int sent, List<Duration> times) {
        return ReportFormat.spread(step.fact("sent", sent).fact("answered", times.size()), times);
    }

    private static Step judged(int sent, List<Duration> times) {
        if (times.isEmpty()) {
            return Step.failed(StepName.PINGS, "expected pongs, but none of " + sent + " pings was answered in time")
                    .todo("keepalive takes a silent tunnel for dead after ping_interval + pong_timeout:"
                            + " set ping_interval to 0, or have the far end answer (RFC 6455, 5.5.2)");
        }
        String summary = times.size() + " of " + sent + " answered; " + ReportFormat.spread(times);
        return times.size() == sent
                ? Step.ok(StepName.PINGS, summary)
                : Step.of(StepName.PINGS, Verdict.WARNING, summary)
                        .todo("pongs get lost or are slow: keep pong_timeout long");
    }

    /** Sends data to an echo and waits for it, several times. */
    static Step roundTrips(Link link, TimeLimit whole) throws InterruptedException {
        List<Duration> times = new ArrayList<>();
        TimeLimit limit = whole.part(FOR_ALL);
        try {
            while (times.size() < PINGS && !limit.isOver()) {
                byte[] sample = FarEndStep.sample(SAMPLE);
                long start = System.nanoTime();
                TimeLimit one = limit.part(PATIENCE);
                link.write(sample, one);
                if (!Arrays.equals(sample, link.inbox().take(SAMPLE, one))) {
                    throw new IOException(
                            link.inbox().isEnded() ? link.end() + " came" : "what was sent did not come back in time");
                }
                times.add(Duration.ofNanos(System.nanoTime() - start));
            }
        } catch (IOException x) {
            Step broken = Step.failed(
                            StepName.ROUND_TRIP,
                            "expected " + PINGS + " echoes, but after " + times.size() + " of them: "
                                    + FailureText.message(x))
                    .todo("the tunnel opens but does not last: look at the logs of proxy and server");
            return ReportFormat.spread(broken.fact("echoes", times.size()), times);
        }
        Step step = Step.ok(StepName.ROUND_TRIP, ReportFormat.spread(times) + " (data to the echo and back)");
        return ReportFormat.spread(step.fact("echoes", times.size()), times);
    }
}
