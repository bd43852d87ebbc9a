package io.v2ws.cli.probe;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/** Finds out which kind of service the tunnel leads to. */
final class FarEndStep {
    private static final int SAMPLE = 32;
    private static final Duration LISTEN = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final SecureRandom RANDOM = new SecureRandom();

    private FarEnd farEnd = FarEnd.NONE;
    private Duration roundTrip = Duration.ZERO;

    /** The finding. */
    FarEnd farEnd() {
        return farEnd;
    }

    /** The round trip of the echo; zero without an echo. */
    Duration roundTrip() {
        return roundTrip;
    }

    /** Returns random bytes, which only an echo can send back. */
    static byte[] sample(int size) {
        byte[] sample = new byte[size];
        RANDOM.nextBytes(sample);
        return sample;
    }

    /** Tests an open tunnel. */
    Step run(Link link, TimeLimit whole) throws InterruptedException {
        // A service that speaks first, or closes, does so now.
        link.inbox().awaitEnd(whole.part(LISTEN));
        if (link.inbox().isEnded()) {
            farEnd = FarEnd.CLOSES;
            return Step.failed(StepName.ECHO, "expected an open tunnel, but " + link.end() + " came at once")
                    .fact("kind", "closes")
                    .todo("the upgrade went well: look at the log of the server, whether its service runs");
        }
        long spoken = link.inbox().total();
        if (spoken > 0) {
            farEnd = FarEnd.OTHER;
            return unknown(
                    "it spoke first (" + ReportFormat.bytes(spoken) + "): a service such as SSH, no echo",
                    "speaks first");
        }
        return echo(link, whole.part(PATIENCE));
    }

    private Step echo(Link link, TimeLimit limit) throws InterruptedException {
        byte[] sent = sample(SAMPLE);
        byte[] came;
        long start = System.nanoTime();
        try {
            link.write(sent, limit);
            came = link.inbox().take(SAMPLE, limit);
        } catch (IOException x) {
            came = new byte[0];
        }
        if (Arrays.equals(sent, came)) {
            farEnd = FarEnd.ECHO;
            roundTrip = Duration.ofNanos(System.nanoTime() - start);
            return Step.ok(StepName.ECHO, "an echo: " + SAMPLE + " bytes came back in " + ReportFormat.time(roundTrip))
                    .fact("kind", "echo")
                    .fact("ms", ReportFormat.millis(roundTrip));
        }
        if (came.length > 0) {
            farEnd = FarEnd.OTHER;
            return unknown("other bytes came back than were sent: no echo", "other");
        }
        if (link.inbox().isEnded()) {
            farEnd = FarEnd.CLOSES;
            return unknown(
                    "after " + SAMPLE + " random bytes came " + link.end()
                            + ": a protocol that expects something else (vless, trojan, TLS …), or a service that"
                            + " is down",
                    "closes");
        }
        farEnd = FarEnd.SILENT;
        return unknown("nothing came back: no echo, or a service that waits for more", "silent");
    }

    private static Step unknown(String summary, String kind) {
        return Step.of(StepName.ECHO, Verdict.UNKNOWN, summary)
                .fact("kind", kind)
                .todo("only an echo shows whether early data arrives, and how fast data goes: let the tunnel lead"
                        + " to one"
                        + " for the probe ('v2ws serve' without --forward is one)");
    }
}
