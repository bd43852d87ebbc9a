package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.cli.probe.EarlyData.Delivery;
import io.v2ws.cli.probe.EarlyData.Refusal;
import io.v2ws.client.EarlyDataAnswer;
import io.v2ws.client.HandshakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Sends early data in one mode and observes whether it arrives. Keeps the response to the first request. */
final class EarlyDataProbe {
    private static final int SAMPLE = 32;
    private static final Duration FOR_ONE = Duration.ofSeconds(8);
    private static final Duration FOR_SEARCH = Duration.ofSeconds(12);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private final ProbeSession session;
    private final EarlyDataMode mode;
    private final FarEnd farEnd;
    private final boolean echo;
    private final Duration wait;
    private HandshakeTrace.Answer answer;
    private String sent = "";

    /**
     * Makes the probe of one mode.
     *
     * @param roundTrip of the echo, if the far end is one
     */
    EarlyDataProbe(ProbeSession session, EarlyDataMode mode, FarEnd farEnd, Duration roundTrip) {
        this.session = session;
        this.mode = mode;
        this.farEnd = farEnd;
        this.echo = farEnd == FarEnd.ECHO;
        Duration patient = roundTrip.multipliedBy(10).plus(SHORTEST_WAIT);
        this.wait = patient.compareTo(LONGEST_WAIT) < 0 ? patient : LONGEST_WAIT;
    }

    /** The response to the first request; null if none came. */
    HandshakeTrace.Answer answer() {
        return answer;
    }

    /** The early data of the first request, as encoded in the request. */
    String sent() {
        return sent;
    }

    /** Finds out whether early data arrives, and how much of it. */
    EarlyData run() throws InterruptedException {
        byte[] sample = FarEndStep.sample(SAMPLE);
        sent = io.v2ws.EarlyData.encode(sample);
        Delivery delivery;
        try (Link link = session.open(mode, sample, session.whole().part(FOR_ONE))) {
            answer = session.trace().answer();
            delivery = echo ? delivery(link, sample) : reaction(link);
        } catch (IOException x) {
            answer = session.trace().answer();
            return session.trace().earlyData() == EarlyDataAnswer.NOT_TAKEN
                    ? EarlyData.without(mode, Delivery.NOT_TAKEN, null)
                    : EarlyData.without(mode, Delivery.REFUSED, refusal(SAMPLE, x));
        }
        return delivery == Delivery.LATE || delivery == Delivery.DROPPED
                ? EarlyData.without(mode, delivery, null)
                : search(delivery);
    }

    /** Waits for the echo of the early data; if none comes, sends a frame and looks what comes back. */
    private Delivery delivery(Link link, byte[] sample) throws IOException, InterruptedException {
        byte[] came = link.inbox().take(SAMPLE, session.whole().part(wait));
        if (Arrays.equals(came, sample)) {
            return Delivery.DELIVERED;
        }
        if (came.length > 0 || link.inbox().isEnded()) {
            throw new IOException(came.length > 0 ? "other bytes came back than were sent" : link.end() + " came");
        }
        byte[] behind = FarEndStep.sample(SAMPLE);
        TimeLimit limit = session.whole().part(wait);
        link.write(behind, limit);
        came = link.inbox().take(SAMPLE, limit);
        if (Arrays.equals(came, sample)) {
            return Delivery.LATE;
        }
        if (Arrays.equals(came, behind)) {
            return Delivery.DROPPED;
        }
        throw new IOException(link.inbox().isEnded() ? link.end() + " came" : "nothing comes back any more");
    }

    /**
     * A v2ws server tells whether it took them. A server that closes after random early data, without a frame, has
     * received them. A tunnel without early data is the control.
     */
    private Delivery reaction(Link link) throws IOException, InterruptedException {
        if (session.trace().earlyData() == EarlyDataAnswer.TAKEN) {
            return Delivery.CONFIRMED;
        }
        long start = System.nanoTime();
        if (farEnd != FarEnd.CLOSES || !link.inbox().awaitEnd(session.whole().part(wait))) {
            return Delivery.UNKNOWN;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        try (Link control = session.open(session.whole().part(FOR_ONE))) {
            Duration longer = took.multipliedBy(2).plusMillis(300);
            return control.inbox().awaitEnd(session.whole().part(longer)) ? Delivery.UNKNOWN : Delivery.NOTICED;
        }
    }

    /** Bisects between a size that comes through and one that does not. */
    private EarlyData search(Delivery delivery) throws InterruptedException {
        TimeLimit limit = session.whole().part(FOR_SEARCH);
        int survives = SAMPLE;
        Refusal refusal = attempt(ProbeSession.MOST_EARLY_DATA, limit);
        if (refusal == null) {
            return new EarlyData(mode, delivery, ProbeSession.MOST_EARLY_DATA, null, null, true);
        }
        Refusal answer = refusal;
        while (refusal.size() - survives > 1 && !limit.isOver()) {
            int middle = (survives + refusal.size()) / 2;
            session.say(
                    "early data in the " + (mode == EarlyDataMode.PATH ? "path" : "header") + ": " + middle + " bytes");
            Refusal here = attempt(middle, limit);
            if (limit.isOver() && here != null && here.status() == 0) {
                // The time may have been too short.
                break;
            }
            if (here == null) {
                survives = middle;
            } else {
                refusal = here;
                answer = here.status() == 0 ? answer : here;
            }
        }
        return new EarlyData(
                mode,
                delivery,
                survives,
                refusal,
                answer.status() == 0 ? null : answer,
                refusal.size() - survives == 1);
    }

    /** Tries one size; once more if the failure is not a refusal. Returns null if the bytes came through. */
    private Refusal attempt(int size, TimeLimit limit) throws InterruptedException {
        Refusal refusal = once(size, limit);
        return refusal != null && refusal.status() == 0 && !limit.isOver() ? once(size, limit) : refusal;
    }

    private Refusal once(int size, TimeLimit limit) throws InterruptedException {
        byte[] early = FarEndStep.sample(size);
        try (Link link = session.open(mode, early, limit.part(FOR_ONE))) {
            if (!echo || Arrays.equals(early, link.inbox().take(size, limit.part(wait)))) {
                return null;
            }
            throw new IOException(
                    link.inbox().isEnded() ? link.end() + " came" : "the tunnel opens, but the bytes do not come back");
        } catch (IOException x) {
            return refusal(size, x);
        }
    }

    private Refusal refusal(int size, IOException failure) {
        HandshakeTrace.Answer refused = session.trace().answer();
        int status = failure instanceof HandshakeException handshake ? handshake.status() : 0;
        String who = refused == null ? "" : refused.header("Server");
        return new Refusal(
                size,
                status,
                ReportFormat.text(who.length() > 40 ? who.substring(0, 40) : who),
                FailureText.message(failure));
    }
}
