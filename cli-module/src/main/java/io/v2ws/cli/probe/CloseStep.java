package io.v2ws.cli.probe;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import java.io.IOException;
import java.time.Duration;

/** Closes a tunnel and reports how the peer answers the Close frame. */
final class CloseStep {
    private CloseStep() {}

    static Step run(Link link, Duration closeTimeout, TimeLimit whole) throws InterruptedException {
        if (link.inbox().isEnded()) {
            return Step.of(StepName.CLOSE, Verdict.UNKNOWN, "before we could close came " + link.end());
        }
        long start = System.nanoTime();
        StreamOutcome outcome;
        try {
            outcome = link.closeAndWait(whole.part(closeTimeout.plusSeconds(2)));
        } catch (IOException x) {
            return unanswered("our Close was not answered in time");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        int code = link.closeCode();
        if (code == WebSocketCloseException.NO_CLOSE_FRAME) {
            boolean timedOut = !outcome.isClean();
            return unanswered(
                    timedOut
                            ? "our Close was not answered within " + ReportFormat.time(closeTimeout)
                                    + "; we cut the connection"
                            : "the connection ended in " + ReportFormat.time(took)
                                    + ", without an answer to our Close");
        }
        String answer = code == 1005 ? "no code" : "code " + code;
        Verdict verdict = code == 1000 || code == 1005 ? Verdict.OK : Verdict.WARNING;
        return Step.of(
                        StepName.CLOSE,
                        verdict,
                        "our Close 1000 was answered with " + answer + " in " + ReportFormat.time(took))
                .fact("answered", true)
                .fact("code", code)
                .fact("ms", ReportFormat.millis(took));
    }

    private static Step unanswered(String summary) {
        return Step.of(StepName.CLOSE, Verdict.WARNING, summary)
                .fact("answered", false)
                .todo("no data is lost by it, but ends of streams may look like breaks, and take up to close_timeout");
    }
}
