package io.v2ws.cli.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures how long silent tunnels live, with and without pings. */
final class IdleStep {
    private static final Duration OPENING = Duration.ofSeconds(15);
    private static final Duration LAST_SIGN = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ProbeSession session;
    private final Duration idle;
    private Duration quietLife;
    private boolean pingedDied;

    /** One silent tunnel. */
    private record Life(String text, Duration time, boolean died, long farPings) {
        /** Whether it ended because of silence; pings of the far end mean that there was no silence. */
        boolean diedSilent() {
            return died && farPings == 0;
        }
    }

    IdleStep(ProbeSession session, Duration idle) {
        this.session = session;
        this.idle = idle;
    }

    /** How long a tunnel without pings lived; null if it was not cut, not tested, or the time cannot be known. */
    Duration quietLife() {
        return quietLife;
    }

    /** Whether a tunnel with pings was cut. */
    boolean pingedDied() {
        return pingedDied;
    }

    Step run() throws InterruptedException {
        Duration interval = session.target().options().pingInterval();
        TimeLimit opening = TimeLimit.in(OPENING);
        try (Link quiet = session.openWithPings(Duration.ZERO, opening);
                Link pinged = interval.isZero() ? null : session.openWithPings(interval, opening)) {
            long start = System.nanoTime();
            await(quiet, pinged, TimeLimit.in(idle));
            Life without = life(quiet, start);
            Life with = pinged == null ? null : life(pinged, start);
            return describe(without, with, interval);
        } catch (IOException x) {
            return Step.failed(StepName.IDLE, "expected a tunnel to be silent in, but " + FailureText.message(x))
                    .todo("it opened before: try again, or look for a limit of connections");
        }
    }

    private void await(Link quiet, Link pinged, TimeLimit limit) throws InterruptedException {
        while (!limit.isOver()
                && !(quiet.inbox().isEnded()
                        && (pinged == null || pinged.inbox().isEnded()))) {
            session.say("silence, " + ReportFormat.time(limit.left()) + " left; without pings "
                    + (quiet.inbox().isEnded() ? "ended" : "alive")
                    + (pinged == null ? "" : ", with pings " + (pinged.inbox().isEnded() ? "ended" : "alive")));
            (quiet.inbox().isEnded() && pinged != null ? pinged : quiet).inbox().awaitEnd(limit.part(TICK));
        }
    }

    private Life life(Link link, long start) throws InterruptedException {
        if (!link.inbox().isEnded()) {
            try {
                link.ping(TimeLimit.in(LAST_SIGN));
                return new Life("lives after " + ReportFormat.time(idle), idle, false, link.pingsReceived());
            } catch (IOException x) {
                return new Life(
                        "gone after " + ReportFormat.time(idle) + " without a word (no pong)",
                        idle,
                        true,
                        link.pingsReceived());
            }
        }
        Duration time = Duration.ofNanos(link.inbox().endedAt() - start);
        return new Life("after " + ReportFormat.time(time) + " came " + link.end(), time, true, link.pingsReceived());
    }

    private Step describe(Life without, Life with, Duration interval) {
        quietLife = without.diedSilent() ? without.time : null;
        pingedDied = with != null && with.died;
        String summary = "without pings: " + without.text
                + (without.farPings == 0
                        ? ""
                        : ", but the far end sent " + without.farPings + (without.farPings == 1 ? " ping" : " pings")
                                + ": how long real silence lasts cannot be known")
                + (with == null ? "" : "; with one every " + ReportFormat.time(interval) + ": " + with.text);
        Verdict verdict = pingedDied || (with == null && without.died) ? Verdict.FAILED : Verdict.OK;
        Step step = Step.of(StepName.IDLE, verdict, summary)
                .fact("without_pings", fact(without))
                .fact("waited_ms", ReportFormat.millis(idle));
        if (with != null) {
            step = step.fact("ping_interval_ms", ReportFormat.millis(interval)).fact("with_pings", fact(with));
        }
        return verdict == Verdict.OK ? step : step.todo(remedy(without, with));
    }

    private String remedy(Life without, Life with) {
        if (with == null && without.diedSilent()) {
            return "keepalive is off: set ping_interval below the time a silent tunnel lives";
        }
        return with != null
                        && without.diedSilent()
                        && without.time.compareTo(session.target().options().pingInterval()) < 0
                ? "silent tunnels are cut before the first ping: set ping_interval below "
                        + ReportFormat.time(without.time)
                : "pings do not keep the tunnel open: something limits the life of a connection";
    }

    private static Map<String, Object> fact(Life life) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("survived", !life.died);
        fact.put("ms", ReportFormat.millis(life.time));
        fact.put("pings_of_the_far_end", life.farPings);
        return fact;
    }
}
