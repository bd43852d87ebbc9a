package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Examines a tunnel step by step, with the client that would use it. A step that fails is part of the report; steps
 * that depend on it are not tried. Each step has a deadline, and so has the whole probe.
 */
public final class Probe {
    private static final Duration FOR_OPENING = Duration.ofSeconds(10);

    private final ProbeTarget target;
    private final ProbeLimits limits;
    private final Consumer<String> progress;
    private final Map<StepName, Step> steps = new EnumMap<>(StepName.class);
    private final List<EarlyData> earlyData = new ArrayList<>();

    /**
     * Makes a probe.
     *
     * @param progress receives a few words about the next activity
     */
    public Probe(ProbeTarget target, ProbeLimits limits, Consumer<String> progress) {
        this.target = target;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Runs all steps; to be called once.
     *
     * @throws IOException if this machine cannot start a client
     * @throws IllegalArgumentException if the URL and the options contradict each other
     */
    public ProbeReport run() throws IOException, InterruptedException {
        Instant time = Instant.now();
        long start = System.nanoTime();
        List<String> advice = List.of();
        try (ProbeSession session = new ProbeSession(target, limits.whole(), progress)) {
            FarEndStep farEnd = reach(session);
            if (farEnd.farEnd() != FarEnd.NONE) {
                advice = explore(session, farEnd);
            }
        }
        List<Step> all = new ArrayList<>();
        for (StepName name : StepName.values()) {
            all.add(steps.computeIfAbsent(name, missing -> Step.notTried(missing, whyMissing(missing))));
        }
        return new ProbeReport(target.url(), time, Duration.ofNanos(System.nanoTime() - start), all, advice);
    }

    private String whyMissing(StepName name) {
        return steps.values().stream()
                .filter(step -> step.verdict() == Verdict.FAILED && step.name().compareTo(StepName.ECHO) <= 0)
                .findFirst()
                .map(step -> step.name().title() + " failed")
                .orElse(name == StepName.IDLE && limits.idle().isZero() ? "--idle TIME tries it" : "it needs an echo");
    }

    private void put(Step step) {
        steps.put(step.name(), step);
    }

    /** Examines the path by one handshake, and the far end. */
    private FarEndStep reach(ProbeSession session) throws InterruptedException {
        FarEndStep farEnd = new FarEndStep();
        session.say("connecting");
        IOException failure = null;
        // The client's own deadline expires first, with a better message.
        TimeLimit limit =
                session.whole().part(target.options().handshakeTimeout().plusSeconds(1));
        try (Link link = session.open(limit)) {
            session.say("what is at the far end");
            put(farEnd.run(link, session.whole()));
        } catch (IOException x) {
            failure = x;
        }
        HandshakeTrace trace = session.trace();
        NetworkSteps network = new NetworkSteps(target, trace);
        put(network.dns(failure));
        if (trace.lookupTook() != null) {
            put(network.tcp(failure));
        }
        if (trace.connectTook() != null) {
            put(new TlsStep(target, trace).describe(failure));
            if (!target.isSecure() || trace.tls() != null) {
                put(new UpgradeStep(target, trace).describe(failure));
            }
        }
        return farEnd;
    }

    private List<String> explore(ProbeSession session, FarEndStep farEnd) throws InterruptedException {
        if (steps.get(StepName.ECHO).verdict() == Verdict.FAILED) {
            return List.of();
        }
        earlyData(session, EarlyDataMode.PATH, farEnd);
        earlyData(session, EarlyDataMode.HEADER, farEnd);
        onLink(session, StepName.PINGS, link -> PingSteps.pings(link, session.whole()));
        if (farEnd.farEnd() == FarEnd.ECHO) {
            onLink(session, StepName.ROUND_TRIP, link -> PingSteps.roundTrips(link, session.whole()));
            onLink(session, StepName.THROUGHPUT, link -> ThroughputStep.run(link, limits.transfer(), session.whole()));
        }
        Duration closeTimeout = target.options().closeTimeout();
        onLink(session, StepName.CLOSE, link -> CloseStep.run(link, closeTimeout, session.whole()));
        IdleStep idle = new IdleStep(session, limits.idle());
        if (!limits.idle().isZero()) {
            put(idle.run());
        }
        return new Advisor(target).advise(earlyData, farEnd.farEnd(), idle.quietLife(), idle.pingedDied());
    }

    private void earlyData(ProbeSession session, EarlyDataMode mode, FarEndStep farEnd) throws InterruptedException {
        StepName name = mode == EarlyDataMode.PATH ? StepName.EARLY_DATA_IN_PATH : StepName.EARLY_DATA_IN_HEADER;
        if (isTooLate(session, name)) {
            return;
        }
        session.say("early data in the " + (mode == EarlyDataMode.PATH ? "path" : "header"));
        EarlyDataProbe probe = new EarlyDataProbe(session, mode, farEnd.farEnd(), farEnd.roundTrip());
        EarlyData found = probe.run();
        earlyData.add(found);
        EarlyDataSteps describing = new EarlyDataSteps(target);
        put(describing.describe(found));
        if (mode == EarlyDataMode.HEADER) {
            put(describing.subprotocol(found, probe.answer(), probe.sent()));
        }
    }

    private boolean isTooLate(ProbeSession session, StepName name) {
        if (!session.whole().isOver()) {
            return false;
        }
        put(Step.notTried(
                name,
                "the time for the whole probe (" + ReportFormat.time(limits.whole()) + ", --timeout) is used up"));
        return true;
    }

    /** A step that needs an open tunnel. */
    private interface OnLink {
        Step run(Link link) throws InterruptedException;
    }

    /** Opens a tunnel for a step and runs the step. */
    private void onLink(ProbeSession session, StepName name, OnLink work) throws InterruptedException {
        if (isTooLate(session, name)) {
            return;
        }
        session.say(name.title().toLowerCase(java.util.Locale.ROOT));
        try (Link link = session.open(session.whole().part(FOR_OPENING))) {
            put(work.run(link));
        } catch (IOException x) {
            put(Step.failed(name, "expected another tunnel, but " + FailureText.message(x))
                    .todo("the first ones opened: is there a limit of connections, or of their rate?"));
        }
    }
}
