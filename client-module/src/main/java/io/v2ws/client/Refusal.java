package io.v2ws.client;

import io.v2ws.internal.net.ConnectResetException;
import io.v2ws.internal.net.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.Response;

/** Explains a failed upgrade so that the user can act on it. */
final class Refusal {
    /** What Jetty says when a connection ends within the TLS handshake; it has no type for that. */
    private static final String JETTY_TLS_END = "Abruptly closed by peer";

    private Refusal() {}

    /**
     * Whether a connect or an upgrade failed because the far end closed or reset the connection, which is no refusal.
     */
    static boolean isDisconnect(Throwable failure) {
        return failure instanceof ConnectionEndedException || failure instanceof StaleConnectionException;
    }

    /** Whether an upgrade failed before its request could be sent: the name is unknown, or no connection came about. */
    static boolean isBeforeRequest(Throwable failure) {
        return failure instanceof UnknownHostException
                || failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof SSLHandshakeException;
    }

    /**
     * Explains a failure.
     *
     * @param server scheme, host and port that were dialled
     * @param answer the response of the server; null if none came
     * @param fault what was wrong with a 101, null if no complete 101 came; ignored for any other status
     */
    static IOException explain(String server, Response answer, String fault, Throwable failure) {
        if (answer != null && (answer.getStatus() != 101 || fault != null)) {
            int status = answer.getStatus();
            String reason = status == 101 ? fault : answer.getReason() == null ? "" : answer.getReason();
            return new HandshakeException(status, reason, RefusalHints.forStatus(status), failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HandshakeException fromProxy) {
                return fromProxy;
            }
            if (cause instanceof TimeoutException) {
                return withCause(new SocketTimeoutException("handshake: " + cause.getMessage()), failure);
            }
            if (isEnd(cause)) {
                // Not Jetty's message: a dump of its objects, including the request with its early data.
                return new ConnectionEndedException("the connection ended before there was an answer", failure);
            }
        }
        if (answer != null) {
            return new ConnectionEndedException("the connection broke inside the answer", failure);
        }
        if (failure instanceof ConnectException) {
            return withCause(
                    new ConnectException("cannot connect to " + server + ": " + failure.getMessage()), failure);
        }
        if (failure instanceof IOException io) {
            return io;
        }
        String message = failure.getMessage() == null ? "" : ": " + Printable.shortened(failure.getMessage());
        return new IOException("handshake with " + server + " failed" + message, failure);
    }

    /** Whether the far end has ended the connection: before it stood for this side, within TLS or after that. */
    private static boolean isEnd(Throwable cause) {
        return cause instanceof EOFException
                || cause instanceof ClosedChannelException
                || ConnectResetException.isReset(cause)
                || (cause instanceof SSLHandshakeException && JETTY_TLS_END.equals(cause.getMessage()));
    }

    private static IOException withCause(IOException explained, Throwable cause) {
        explained.initCause(cause);
        return explained;
    }
}
