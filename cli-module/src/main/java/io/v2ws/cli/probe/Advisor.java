package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.cli.probe.EarlyData.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Turns the findings into advice for the settings of an operator. */
final class Advisor {
    /** Passes every proxy we know, and holds the first flight of most protocols. */
    private static final int USUAL = 2048;

    private final ProbeTarget target;
    private final List<String> advice = new ArrayList<>();

    Advisor(ProbeTarget target) {
        this.target = target;
    }

    /** The power of two to configure if so many bytes come through. */
    static int recommended(int survives) {
        return Math.min(USUAL, Integer.highestOneBit(Math.max(1, survives)));
    }

    /**
     * Returns the advice.
     *
     * @param found one result for each mode that was tried
     * @param quietLife how long a silent tunnel lived; null if it was not cut, or not tested
     */
    List<String> advise(List<EarlyData> found, FarEnd farEnd, Duration quietLife, boolean pingedDied) {
        if (farEnd == FarEnd.ECHO) {
            found.stream().filter(data -> data.delivery() == Delivery.DELIVERED).forEach(this::delivered);
            if (!found.isEmpty() && found.stream().noneMatch(Advisor::works)) {
                nothingWorks();
            }
        } else {
            found.stream()
                    .filter(data -> data.refusal() != null && data.survives() > 0)
                    .forEach(this::passes);
        }
        found.stream()
                .filter(data -> data.delivery() == Delivery.LATE)
                .forEach(data -> advice.add("early data in the " + where(data.mode())
                        + " saves nothing here: it waits for the first frame; leave max_early_data at 0"));
        idle(quietLife, pingedDied);
        return advice;
    }

    private static boolean works(EarlyData data) {
        return data.delivery() == Delivery.DELIVERED || data.delivery() == Delivery.LATE;
    }

    private String where(EarlyDataMode mode) {
        return mode == EarlyDataMode.PATH ? "path" : "header " + target.headerName();
    }

    private void delivered(EarlyData data) {
        int asked = target.wantedMode() == data.mode() ? target.options().maxEarlyData() : 0;
        int best = recommended(data.survives());
        String why = data.refusal() == null
                ? "16 KiB come through"
                : "up to " + data.survives() + " bytes come through; " + refuses(data);
        if (asked > 0 && asked <= data.survives()) {
            advice.add("max_early_data " + asked + " is fine: " + why);
        } else {
            advice.add("set max_early_data to " + best
                    + (data.mode() == EarlyDataMode.HEADER
                            ? " and early_data_header_name to " + target.headerName()
                            : ", without early_data_header_name")
                    + " on both ends: " + why);
        }
        boolean echoTooLong = data.mode() == EarlyDataMode.HEADER
                && data.answer() != null
                && data.answer().status() == 502;
        if (echoTooLong) {
            advice.add("502 from a proxy is often the echoed subprotocol that its buffer does not hold (nginx:"
                    + " proxy_buffer_size)");
        }
    }

    private static String refuses(EarlyData data) {
        EarlyData.Refusal answer = data.answer();
        if (answer == null) {
            return "with more " + data.why();
        }
        return answer.who().isEmpty()
                ? "more is refused (" + answer.status() + ")"
                : answer.who() + " refuses more (" + answer.status() + ")";
    }

    private void passes(EarlyData data) {
        advice.add("keep max_early_data at " + recommended(data.survives()) + " or below for early data in the "
                + where(data.mode()) + ": requests with more than " + data.survives() + " bytes do not come through ("
                + data.why() + ")");
    }

    private void nothingWorks() {
        advice.add("leave max_early_data at 0: this server takes no early data, neither in the path nor in "
                + target.headerName() + "; to save a round trip, set max_early_data on it too");
    }

    private void idle(Duration quietLife, boolean pingedDied) {
        if (quietLife == null) {
            return;
        }
        Duration interval = target.options().pingInterval();
        if (!interval.isZero() && !pingedDied) {
            advice.add("keep ping_interval at " + ReportFormat.time(interval) + ": silent tunnels are cut after "
                    + ReportFormat.time(quietLife));
        } else {
            advice.add("set ping_interval to " + ReportFormat.time(quietLife.dividedBy(2))
                    + " or less: silent tunnels are cut after " + ReportFormat.time(quietLife));
        }
    }
}
