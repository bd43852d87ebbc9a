package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.cli.probe.EarlyData.Refusal;

/** Describes the findings about early data. */
final class EarlyDataSteps {
    private final ProbeTarget target;

    EarlyDataSteps(ProbeTarget target) {
        this.target = target;
    }

    private static StepName name(EarlyDataMode mode) {
        return mode == EarlyDataMode.PATH ? StepName.EARLY_DATA_IN_PATH : StepName.EARLY_DATA_IN_HEADER;
    }

    Step describe(EarlyData found) {
        boolean wanted = target.wantedMode() == found.mode();
        Step step = switch (found.delivery()) {
            case DELIVERED, NOTICED, CONFIRMED, UNKNOWN -> passed(found, wanted);
            case LATE ->
                step(
                        found,
                        Verdict.WARNING,
                        "it arrives, but only with the first frame behind it",
                        "something on the way holds the request back until data follows: early data saves no round"
                                + " trip");
            case DROPPED ->
                step(
                        found,
                        wanted ? Verdict.FAILED : Verdict.NO,
                        "the tunnel opens, but the bytes in the request never come back",
                        wanted
                                ? "the server does not look for early data here: set the same max_early_data and"
                                        + " early_data_header_name on both ends, or those bytes are lost"
                                : "");
            case NOT_TAKEN ->
                step(
                        found,
                        wanted ? Verdict.FAILED : Verdict.NO,
                        "the server, which is v2ws, says that it did not take the bytes",
                        wanted
                                ? "the server does not look for early data here: set the same max_early_data and"
                                        + " early_data_header_name on both ends"
                                : "");
            case REFUSED -> refused(found, wanted);
        };
        if (found.mode() == EarlyDataMode.HEADER) {
            step = step.fact("header", target.headerName());
        }
        return step.fact("delivery", found.delivery().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static Step step(EarlyData found, Verdict verdict, String summary, String todo) {
        return Step.of(name(found.mode()), verdict, summary).todo(todo);
    }

    private Step passed(EarlyData found, boolean wanted) {
        int asked = target.options().maxEarlyData();
        boolean tooMuch = wanted && found.refusal() != null && asked > found.survives();
        Verdict verdict = found.delivery() == EarlyData.Delivery.UNKNOWN ? Verdict.UNKNOWN : Verdict.OK;
        String summary = switch (found.delivery()) {
            case DELIVERED -> "arrives with the handshake; ";
            case NOTICED -> "the far end reacts to it although no frame was sent, so it arrives; ";
            case CONFIRMED -> "the server says that it took it; ";
            default ->
                "the upgrade is accepted, but nothing confirms that the bytes arrive: only an echo or a v2ws server"
                        + " does; ";
        };
        Step step = step(
                found,
                tooMuch ? Verdict.FAILED : verdict,
                summary + limit(found),
                tooMuch
                        ? "max_early_data " + asked + " is more than comes through: set it to "
                                + Advisor.recommended(found.survives())
                        : "");
        return limits(step, found);
    }

    private static String limit(EarlyData found) {
        if (found.refusal() == null) {
            return found.survives() + " bytes survive, more was not tried";
        }
        Refusal answer = found.answer();
        String further =
                answer == null || answer == found.refusal() ? "" : ", with " + answer.size() + " " + answer.text();
        return (found.exact() ? "" : "at least ") + found.survives() + " bytes ("
                + EarlyData.characters(found.survives()) + " characters) survive; with "
                + found.refusal().size() + " " + found.refusal().text() + further;
    }

    private static Step limits(Step step, EarlyData found) {
        Step more = step.fact("survives_bytes", found.survives())
                .fact("survives_characters", EarlyData.characters(found.survives()))
                .fact("exact", found.exact());
        Refusal refusal = found.refusal();
        return refusal == null
                ? more
                : more.fact("refused_bytes", refusal.size())
                        .fact("refused_with", refusal.status() == 0 ? refusal.message() : refusal.status())
                        .fact("refused_by", refusal.who());
    }

    private static Step refused(EarlyData found, boolean wanted) {
        Refusal refusal = found.refusal();
        boolean exactPath = found.mode() == EarlyDataMode.PATH && (refusal.status() == 404 || refusal.status() == 400);
        String summary = refusal.status() == 0
                ? "it breaks the tunnel: " + refusal.message()
                : refusal.text() + (exactPath ? ": the server wants the exact path" : "");
        return step(
                        found,
                        wanted ? Verdict.FAILED : Verdict.NO,
                        summary,
                        wanted
                                ? "set the same max_early_data and early_data_header_name on both ends; a proxy in"
                                        + " between has to pass all of "
                                        + (found.mode() == EarlyDataMode.PATH ? "PATH*" : "the header")
                                        + " on"
                                : "")
                .fact("refused_with", refusal.status() == 0 ? refusal.message() : refusal.status())
                .fact("refused_by", refusal.who());
    }

    /**
     * Describes whether the subprotocol came back.
     *
     * @param answer to the request in header mode; null if there was none
     * @param sent the early data in it
     */
    Step subprotocol(EarlyData found, HandshakeTrace.Answer answer, String sent) {
        if (!target.headerName().equalsIgnoreCase(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL)) {
            return Step.notTried(StepName.SUBPROTOCOL, "early data is in " + target.headerName());
        }
        if (answer == null || answer.status() != 101) {
            return Step.notTried(StepName.SUBPROTOCOL, "no upgrade with early data in the header");
        }
        String echoed = answer.header(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        if (echoed.equals(sent)) {
            return Step.ok(StepName.SUBPROTOCOL, "echoed as it was sent: browsers and Node's ws can connect too")
                    .fact("echoed", true);
        }
        return Step.of(
                        StepName.SUBPROTOCOL,
                        Verdict.NO,
                        found.delivery() == EarlyData.Delivery.DROPPED
                                        || found.delivery() == EarlyData.Delivery.NOT_TAKEN
                                ? "not echoed, as early data is not understood there"
                                : "not echoed (sing-box does not either): fine here, but browsers and Node's ws"
                                        + " refuse that")
                .fact("echoed", false);
    }
}
