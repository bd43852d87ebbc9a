package io.v2ws.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Response;

/** Makes of a failed upgrade what its user can act on. */
final class Refusal {
    private Refusal() {}

    /**
     * Explains a failure.
     *
     * @param answer what the server said; null if it said nothing
     * @param fault what was wrong with a 101; ignored for any other status
     */
    static IOException explain(Response answer, String fault, Throwable failure) {
        if (answer != null) {
            int status = answer.getStatus();
            String reason = status == 101 ? fault : answer.getReason() == null ? "" : answer.getReason();
            return new HandshakeException(status, reason, Hints.forStatus(status), failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException refused) {
                int status = refused.getResponse().getStatus();
                String reason = "from the proxy: " + refused.getResponse().getReason();
                return new HandshakeException(status, reason, Hints.forProxyStatus(status), failure);
            }
            if (cause instanceof TimeoutException) {
                SocketTimeoutException timeout = new SocketTimeoutException("handshake: " + cause.getMessage());
                timeout.initCause(failure);
                return timeout;
            }
        }
        return failure instanceof IOException io
                ? io
                : new IOException("handshake failed: " + failure.getMessage(), failure);
    }
}
