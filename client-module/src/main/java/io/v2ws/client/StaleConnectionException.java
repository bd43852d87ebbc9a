package io.v2ws.client;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpStatus;

/** A warm connection that was dead already when its request was sent. */
final class StaleConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean untouched;

    StaleConnectionException(boolean untouched, Throwable cause) {
        super(
                "the connection, opened beforehand, ended before there was an answer; what the request carried may have"
                        + " arrived, so it is not sent a second time",
                Presentable.cause(cause));
        this.untouched = untouched;
    }

    /** Whether the server said that it got no request. */
    boolean isUntouched() {
        return untouched;
    }

    /**
     * Returns the failure of a warm connection.
     *
     * @param request the request that failed; null if none was made
     * @param answer null if there was none
     * @return null if the failure has another reason
     */
    static StaleConnectionException of(Request request, Response answer, Throwable failure) {
        Object used = request == null ? null : request.getAttributes().get(WarmConnection.class.getName());
        if (!(used instanceof WarmConnection warm)) {
            return null;
        }
        int status = answer == null ? 0 : answer.getStatus();
        if (status == HttpStatus.REQUEST_TIMEOUT_408) {
            // RFC 9110, 15.5.9: no complete request came in time. The server sent it before our request arrived.
            return new StaleConnectionException(true, failure);
        }
        if (status > 0 || warm.isAnswered() || isOurDoing(failure)) {
            return null;
        }
        return new StaleConnectionException(false, failure);
    }

    private static boolean isOurDoing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
