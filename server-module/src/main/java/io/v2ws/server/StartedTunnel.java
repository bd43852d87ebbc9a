package io.v2ws.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One tunnel of a {@link StartedFilter}: decides about requests. Immutable. */
final class StartedTunnel {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private final FilterSettings settings;
    private final UpgradeMatcher matcher;
    private final TunnelRequestReader reader;

    StartedTunnel(FilterSettings settings) {
        this.settings = settings;
        this.matcher = new UpgradeMatcher(settings.options(), settings.hosts());
        this.reader = new TunnelRequestReader(settings);
    }

    FilterSettings settings() {
        return settings;
    }

    TunnelRequestReader reader() {
        return reader;
    }

    /**
     * Decides whether a request opens this tunnel. Asks the admission hook (S17), also about a broken request: a
     * visitor who is passed on must not see that it is.
     */
    UpgradeDecision decide(RequestHead head, HttpServletRequest request) {
        UpgradeDecision decision = matcher.decide(head);
        if (decision instanceof UpgradeDecision.PassOn) {
            return decision;
        }
        try {
            Admission.Decision answer =
                    Objects.requireNonNull(settings.admission().decide(request), "the hook returned null");
            if (answer == Admission.Decision.ADMIT) {
                return decision;
            }
            return answer == Admission.Decision.PASS_ON
                    ? UpgradeDecision.PassOn.INSTANCE
                    : new UpgradeDecision.Reject(answer.status(), "not admitted");
        } catch (Exception | LinkageError x) {
            LOG.warn("The admission hook of {} failed", settings.options().path(), x);
            return new UpgradeDecision.Reject(
                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "the admission hook failed");
        }
    }
}
