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
 * Looks at a tunnel step by step, by the client that would use it. A step that fails is part of the report; what depends
 * on it is not tried. Every step has a deadline, and so has the whole.
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
     * @param progress hears in a few words what is done next
     */
    public Probe(ProbeTarget target, ProbeLimits limits, Consumer<String> progress) {
        this.target = target;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Runs all steps; to be called once.
     *
     * @throws IOException if this machine cannot start a client at all
     * @throws IllegalArgumentException if the URL and the options contradict each other
     */
    public ProbeReport run() throws IOException, InterruptedException {
        Instant time = Instant.now();
        long start = System.nanoTime();
        List<String> advice = List.of();
        try (Lab lab = new Lab(target, limits.whole(), progress)) {
            FarEndStep farEnd = reach(lab);
            if (farEnd.farEnd() != FarEnd.NONE) {
                advice = explore(lab, farEnd);
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

    /** The way to the far end, by one handshake; and what is there. */
    private FarEndStep reach(Lab lab) throws InterruptedException {
        FarEndStep farEnd = new FarEndStep();
        lab.say("connecting");
        IOException failure = null;
        // The client's own deadline comes first, with the better message.
        TimeLimit limit = lab.whole().part(target.options().handshakeTimeout().plusSeconds(1));
        try (Link link = lab.open(limit)) {
            lab.say("what is at the far end");
            put(farEnd.run(link, lab.whole()));
        } catch (IOException x) {
            failure = x;
        }
        HandshakeTrace trace = lab.trace();
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

    private List<String> explore(Lab lab, FarEndStep farEnd) throws InterruptedException {
        if (steps.get(StepName.ECHO).verdict() == Verdict.FAILED) {
            return List.of();
        }
        earlyData(lab, EarlyDataMode.PATH, farEnd);
        earlyData(lab, EarlyDataMode.HEADER, farEnd);
        onLink(lab, StepName.PINGS, link -> PingSteps.pings(link, lab.whole()));
        if (farEnd.farEnd() == FarEnd.ECHO) {
            onLink(lab, StepName.ROUND_TRIP, link -> PingSteps.roundTrips(link, lab.whole()));
            onLink(lab, StepName.THROUGHPUT, link -> ThroughputStep.run(link, limits.transfer(), lab.whole()));
        }
        Duration closeTimeout = target.options().closeTimeout();
        onLink(lab, StepName.CLOSE, link -> CloseStep.run(link, closeTimeout, lab.whole()));
        IdleStep idle = new IdleStep(lab, limits.idle());
        if (!limits.idle().isZero()) {
            put(idle.run());
        }
        return new Advisor(target).advise(earlyData, farEnd.farEnd(), idle.quietLife(), idle.pingedDied());
    }

    private void earlyData(Lab lab, EarlyDataMode mode, FarEndStep farEnd) throws InterruptedException {
        StepName name = mode == EarlyDataMode.PATH ? StepName.EARLY_DATA_IN_PATH : StepName.EARLY_DATA_IN_HEADER;
        if (isTooLate(lab, name)) {
            return;
        }
        lab.say("early data in the " + (mode == EarlyDataMode.PATH ? "path" : "header"));
        EarlyDataProbe probe = new EarlyDataProbe(lab, mode, farEnd.farEnd(), farEnd.roundTrip());
        EarlyData found = probe.run();
        earlyData.add(found);
        EarlyDataSteps describing = new EarlyDataSteps(target);
        put(describing.describe(found));
        if (mode == EarlyDataMode.HEADER) {
            put(describing.subprotocol(found, probe.answer(), probe.sent()));
        }
    }

    private boolean isTooLate(Lab lab, StepName name) {
        if (!lab.whole().isOver()) {
            return false;
        }
        put(Step.notTried(
                name, "the time for the whole probe (" + Show.time(limits.whole()) + ", --timeout) is used up"));
        return true;
    }

    /** Something to do with an open tunnel. */
    private interface OnLink {
        Step run(Link link) throws InterruptedException;
    }

    /** Runs a step on a tunnel of its own. */
    private void onLink(Lab lab, StepName name, OnLink work) throws InterruptedException {
        if (isTooLate(lab, name)) {
            return;
        }
        lab.say(name.title().toLowerCase(java.util.Locale.ROOT));
        try (Link link = lab.open(lab.whole().part(FOR_OPENING))) {
            put(work.run(link));
        } catch (IOException x) {
            put(Step.failed(name, "expected another tunnel, but " + Causes.message(x))
                    .todo("the first ones opened: is there a limit of connections, or of their rate?"));
        }
    }
}
