package io.v2ws.cli.probe;

import io.v2ws.client.HandshakeException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The response to the upgrade request, from the trace of the handshake. */
final class UpgradeStep {
    private static final int MOST_HEADERS = 50;
    private static final int LONGEST_REASON = 60;

    /** Headers whose values are secrets of this client. */
    private static final Set<String> SECRET =
            Set.of("set-cookie", "set-cookie2", "authorization", "proxy-authorization");

    /** Headers that every response has. */
    private static final Set<String> DULL = Set.of("sec-websocket-accept", "upgrade", "connection");

    private final ProbeTarget target;
    private final HandshakeTrace trace;

    UpgradeStep(ProbeTarget target, HandshakeTrace trace) {
        this.target = target;
        this.trace = trace;
    }

    /**
     * Describes the upgrade.
     *
     * @param failure why the handshake failed, null if it succeeded
     */
    Step describe(IOException failure) {
        HandshakeTrace.Answer answer = trace.answer();
        if (answer == null) {
            return silent(failure);
        }
        String line = answer.status() + " " + shortened(answer.reason());
        Step step = failure == null
                ? Step.ok(StepName.UPGRADE, line.strip() + ", in " + ReportFormat.time(answer.took()))
                : refused(answer, line.strip(), failure);
        return step.fact("status", answer.status())
                .fact("reason", ReportFormat.text(answer.reason()))
                .fact("ms", ReportFormat.millis(answer.took()))
                .with(headers(answer.headers()));
    }

    private Step refused(HandshakeTrace.Answer answer, String line, IOException failure) {
        String fault = answer.status() == 101 ? ", but " + FailureText.message(failure) : "";
        String hint = failure instanceof HandshakeException refusal ? refusal.hint() : "";
        return Step.failed(StepName.UPGRADE, "expected 101 Switching Protocols, but " + line + " came" + fault)
                .todo(
                        answer.status() == 400 && !target.isSecure()
                                ? hint + "; or the port wants TLS: try wss://"
                                : hint);
    }

    private Step silent(IOException failure) {
        String message = FailureText.message(failure);
        Step step = Step.failed(StepName.UPGRADE, "expected 101 Switching Protocols, but " + message);
        if (failure instanceof HandshakeException refusal) {
            return step.todo(refusal.hint());
        }
        if (failure instanceof SocketTimeoutException) {
            return step.todo(
                    "something took the request and is silent: is this an HTTP server, and the one behind it up?");
        }
        return step.todo(
                target.isSecure()
                        ? "check that the port is an HTTP server's, and that no filter on the way cuts WebSockets"
                        : "check that the port is an HTTP server's; one with TLS needs a wss:// URL");
    }

    private static String shortened(String reason) {
        return ReportFormat.text(
                reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…");
    }

    private static Fact headers(Map<String, List<String>> headers) {
        Map<String, Object> value = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        headers.entrySet().stream().limit(MOST_HEADERS).forEach(header -> {
            String name = ReportFormat.text(header.getKey());
            boolean secret = SECRET.contains(header.getKey().toLowerCase(Locale.ROOT));
            List<String> values = header.getValue().stream()
                    .limit(MOST_HEADERS)
                    .map(text -> secret ? "(not shown)" : ReportFormat.text(text))
                    .toList();
            value.put(name, values);
            if (!DULL.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(text -> lines.add(name + ": " + text));
            }
        });
        return new Fact("headers", value, lines);
    }
}
