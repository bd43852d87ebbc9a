package io.v2ws.client;

import io.v2ws.internal.net.ConnectResetException;
import io.v2ws.internal.net.ConnectTimeoutException;
import io.v2ws.internal.net.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;

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
                || failure instanceof ConnectTimeoutException
                || failure instanceof SSLHandshakeException;
    }

    /** Returns what is wrong with the version of HTTP of a 101; null if nothing is. */
    static String wrongVersion(Response answer) {
        return answer.getVersion() == HttpVersion.HTTP_1_1
                ? null
                : "the answer is " + answer.getVersion() + ", which has no WebSockets";
    }

    /** As the other method, without a body. */
    static IOException explain(Route route, boolean earlyDataInPath, Response answer, String fault, Throwable failure) {
        return explain(route, earlyDataInPath, answer, null, fault, failure, null);
    }

    /**
     * Explains a failure.
     *
     * @param route where the request went
     * @param earlyDataInPath whether the request had early data in its path
     * @param answer the response of the server; null if none came
     * @param body the beginning of its body; null for none
     * @param fault what was wrong with a 101, null if no complete 101 came; ignored for any other status
     * @param begin how the answer begins; null if that is not known
     */
    static IOException explain(
            Route route,
            boolean earlyDataInPath,
            Response answer,
            RefusalBody body,
            String fault,
            Throwable failure,
            byte[] begin) {
        Throwable shown = Presentable.cause(failure);
        HttpException unreadable = unreadable(failure);
        if (unreadable != null) {
            String text = begin == null ? "" : new String(begin, StandardCharsets.ISO_8859_1);
            String line = text.lines().findFirst().orElse("");
            // Of what is almost HTTP, Jetty's parser says where it is not.
            String what = line.isEmpty() || line.startsWith("HTTP/")
                    ? unreadable.getReason()
                    : "it begins with " + Printable.quoted(line);
            return new HandshakeException(
                    0, "what came is no HTTP: " + what, RefusalHints.forNoHttp(route.server(), text), shown);
        }
        if (answer != null && (answer.getStatus() != 101 || fault != null)) {
            int status = answer.getStatus();
            String reason = status == 101 ? fault : answer.getReason() == null ? "" : answer.getReason();
            String hint = RefusalHints.forStatus(status, earlyDataInPath);
            String location = answer.getHeaders().get(HttpHeader.LOCATION);
            boolean redirect = status / 100 == 3 && location != null;
            return new HandshakeException(
                    status,
                    reason,
                    redirect ? hint + ": " + Printable.shortened(location) : hint,
                    HandshakeEvents.headers(answer),
                    body == null ? "" : body.text(answer.getHeaders()),
                    shown);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HandshakeException || cause instanceof ConnectionEndedException) {
                // From the proxy.
                return Presentable.copy((IOException) cause);
            }
            IOException noSocks = WrongProxy.noSocks(route.dialled(), cause);
            if (noSocks != null) {
                return noSocks;
            }
            if (cause instanceof TimeoutException) {
                // An idle timeout of Jetty's; the deadlines of the handshake come first.
                return new SocketTimeoutException("no tunnel to " + route.server() + ": the connection was idle");
            }
            if (cause instanceof ConnectResetException) {
                return new ConnectionEndedException(cause.getMessage(), null);
            }
            if (isNoConnection(cause)) {
                return Presentable.copy((IOException) cause);
            }
            String tls = TlsFailure.explain(cause);
            if (tls != null) {
                return withCause(new SSLHandshakeException("TLS with " + route.server() + ": " + tls), shown);
            }
            if (isEnd(cause)) {
                // Not Jetty's message: a dump of its objects, including the request with its early data.
                return new ConnectionEndedException("the connection ended before there was an answer", shown);
            }
        }
        if (answer != null) {
            return new ConnectionEndedException("the connection broke inside the answer", shown);
        }
        if (shown instanceof IOException io) {
            return io;
        }
        String message =
                shown == null || shown.getMessage() == null ? "" : ": " + Printable.shortened(shown.getMessage());
        return new IOException("handshake with " + route.server() + " failed" + message, shown);
    }

    /**
     * Returns what Jetty's parser made of an answer that is no HTTP, which Jetty reports as if it were one; else null.
     */
    private static HttpException unreadable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException && cause.getCause() instanceof HttpException found) {
                return found;
            }
        }
        return null;
    }

    /** Whether no connection came about; an {@link io.v2ws.internal.net.AddressRace} says all there is to say. */
    private static boolean isNoConnection(Throwable cause) {
        return cause instanceof UnknownHostException
                || cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof SocketTimeoutException;
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
