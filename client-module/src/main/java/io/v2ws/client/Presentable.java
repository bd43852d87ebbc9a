package io.v2ws.client;

import io.v2ws.internal.net.ConnectTimeoutException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Keeps Jetty's exceptions out of those that users see: their messages are dumps of Jetty's objects, a thousand
 * characters long, with the request and its early data in them. Exceptions of the JDK are copied: Jetty goes on to add
 * its own to an exception that it has handed out, as suppressed.
 */
final class Presentable {
    /** A dump of an object, as {@code HttpDestination[oejc.Origin@…]}. */
    private static final Pattern DUMP = Pattern.compile("@[0-9a-f]{3,}|org\\.eclipse\\.|\\boej");

    private Presentable() {}

    /** Returns a copy of the first of a failure and its causes that is not Jetty's own; null if there is none. */
    static Throwable cause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean jettys = cause.getClass().getName().startsWith("org.eclipse.");
            if (!jettys || cause instanceof EOFException) {
                return cause instanceof IOException io ? copy(io) : cause;
            }
        }
        return null;
    }

    /** Returns an exception of the same type, or the nearest of the JDK, that says the same. */
    static IOException copy(IOException failure) {
        if (failure instanceof HandshakeException own) {
            return own.copy();
        }
        IOException copy = withoutCause(failure, message(failure));
        if (copy.getCause() == null && failure.getCause() != null) {
            copy.initCause(cause(failure.getCause()));
        }
        return copy;
    }

    private static IOException withoutCause(IOException failure, String message) {
        if (failure instanceof ConnectTimeoutException) {
            return new ConnectTimeoutException(message);
        }
        if (failure instanceof SocketTimeoutException) {
            return new SocketTimeoutException(message);
        }
        if (failure instanceof ConnectException) {
            return new ConnectException(message);
        }
        if (failure instanceof NoRouteToHostException) {
            return new NoRouteToHostException(message);
        }
        if (failure instanceof SocketException) {
            return new SocketException(message);
        }
        if (failure instanceof UnknownHostException) {
            return new UnknownHostException(message);
        }
        if (failure instanceof SSLHandshakeException) {
            return new SSLHandshakeException(message);
        }
        if (failure instanceof SSLException) {
            return new SSLException(message);
        }
        if (failure instanceof ConnectionEndedException) {
            return new ConnectionEndedException(message, null);
        }
        if (failure instanceof EOFException || failure instanceof ClosedChannelException) {
            return new EOFException(message);
        }
        return new IOException(message);
    }

    private static String message(IOException failure) {
        String message = failure.getMessage();
        return message == null || DUMP.matcher(message).find() ? "the connection has ended" : message;
    }
}
