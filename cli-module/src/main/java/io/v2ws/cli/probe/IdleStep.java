package io.v2ws.cli.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets tunnels be silent, with and without keepalive, and looks how long they live. */
final class IdleStep {
    private static final Duration OPENING = Duration.ofSeconds(15);
    private static final Duration LAST_SIGN = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Lab lab;
    private final Duration idle;
    private Duration quietLife;
    private boolean pingedDied;

    /** One silent tunnel. */
    private record Life(String text, Duration time, boolean died, long farPings) {
        /** Whether it ended of silence, as far as can be told: with the far end's own pings it was none. */
        boolean diedSilent() {
            return died && farPings == 0;
        }
    }

    IdleStep(Lab lab, Duration idle) {
        this.lab = lab;
        this.idle = idle;
    }

    /** How long a tunnel without any pings lived; null if it survived, or that was not tried or cannot be known. */
    Duration quietLife() {
        return quietLife;
    }

    /** Whether one with pings died. */
    boolean pingedDied() {
        return pingedDied;
    }

    Step run() throws InterruptedException {
        Duration interval = lab.target().options().pingInterval();
        TimeLimit opening = TimeLimit.in(OPENING);
        try (Link quiet = lab.openWithPings(Duration.ZERO, opening);
                Link pinged = interval.isZero() ? null : lab.openWithPings(interval, opening)) {
            long start = System.nanoTime();
            await(quiet, pinged, TimeLimit.in(idle));
            Life without = life(quiet, start);
            Life with = pinged == null ? null : life(pinged, start);
            return describe(without, with, interval);
        } catch (IOException x) {
            return Step.failed(StepName.IDLE, "expected a tunnel to be silent in, but " + Causes.message(x))
                    .todo("it opened before: try again, or look for a limit of connections");
        }
    }

    private void await(Link quiet, Link pinged, TimeLimit limit) throws InterruptedException {
        while (!limit.isOver()
                && !(quiet.inbox().isEnded()
                        && (pinged == null || pinged.inbox().isEnded()))) {
            lab.say("silence, " + Show.time(limit.left()) + " left; without pings "
                    + (quiet.inbox().isEnded() ? "ended" : "alive")
                    + (pinged == null ? "" : ", with pings " + (pinged.inbox().isEnded() ? "ended" : "alive")));
            (quiet.inbox().isEnded() && pinged != null ? pinged : quiet).inbox().awaitEnd(limit.part(TICK));
        }
    }

    private Life life(Link link, long start) throws InterruptedException {
        if (!link.inbox().isEnded()) {
            try {
                link.ping(TimeLimit.in(LAST_SIGN));
                return new Life("lives after " + Show.time(idle), idle, false, link.pingsReceived());
            } catch (IOException x) {
                return new Life(
                        "gone after " + Show.time(idle) + " without a word (no pong)",
                        idle,
                        true,
                        link.pingsReceived());
            }
        }
        Duration time = Duration.ofNanos(link.inbox().endedAt() - start);
        return new Life("after " + Show.time(time) + " came " + link.end(), time, true, link.pingsReceived());
    }

    private Step describe(Life without, Life with, Duration interval) {
        quietLife = without.diedSilent() ? without.time : null;
        pingedDied = with != null && with.died;
        String summary = "without pings: " + without.text
                + (without.farPings == 0
                        ? ""
                        : ", but the far end sent " + without.farPings + (without.farPings == 1 ? " ping" : " pings")
                                + ": how long real silence lasts cannot be known")
                + (with == null ? "" : "; with one every " + Show.time(interval) + ": " + with.text);
        Verdict verdict = pingedDied || (with == null && without.died) ? Verdict.FAILED : Verdict.OK;
        Step step = Step.of(StepName.IDLE, verdict, summary)
                .fact("without_pings", fact(without))
                .fact("waited_ms", Show.millis(idle));
        if (with != null) {
            step = step.fact("ping_interval_ms", Show.millis(interval)).fact("with_pings", fact(with));
        }
        return verdict == Verdict.OK ? step : step.todo(remedy(without, with));
    }

    private String remedy(Life without, Life with) {
        if (with == null && without.diedSilent()) {
            return "keepalive is off: set ping_interval below the time a silent tunnel lives";
        }
        return with != null
                        && without.diedSilent()
                        && without.time.compareTo(lab.target().options().pingInterval()) < 0
                ? "silent tunnels are cut before the first ping: set ping_interval below " + Show.time(without.time)
                : "pings do not keep the tunnel open: something limits the life of a connection";
    }

    private static Map<String, Object> fact(Life life) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("survived", !life.died);
        fact.put("ms", Show.millis(life.time));
        fact.put("pings_of_the_far_end", life.farPings);
        return fact;
    }
}
