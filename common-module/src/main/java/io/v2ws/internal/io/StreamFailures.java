package io.v2ws.internal.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLException;

/**
 * How blocking callers hear of the failure of a stream. Every call throws an exception of its own: one object that two
 * calls throw cannot be added to itself by try-with-resources, and has the stack trace of neither. A close behind a
 * failure that some caller has heard of is silent.
 */
public final class StreamFailures {
    private static final Set<Throwable> TOLD =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** A failure whose type callers ask for. */
    public interface Copyable {
        /** Returns a new exception of the same type that says the same. */
        IOException copy();
    }

    private StreamFailures() {}

    /**
     * Returns a new exception to throw to a caller, of the same type where callers may ask for that.
     *
     * @param failure what readers and writers of the stream fail with
     */
    public static IOException tell(Throwable failure) {
        TOLD.add(failure);
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (failure instanceof Copyable own) {
            return own.copy();
        }
        if (failure instanceof SSLException) {
            return new SSLException(message, failure);
        }
        if (failure instanceof SocketTimeoutException) {
            return (IOException) new SocketTimeoutException(message).initCause(failure);
        }
        if (failure instanceof InterruptedIOException) {
            return (IOException) new InterruptedIOException(message).initCause(failure);
        }
        if (failure instanceof ConnectException) {
            return (IOException) new ConnectException(message).initCause(failure);
        }
        if (failure instanceof UnknownHostException) {
            return (IOException) new UnknownHostException(message).initCause(failure);
        }
        return new IOException(message, failure);
    }

    /** Whether some caller has heard of this failure. */
    public static boolean isTold(Throwable failure) {
        return TOLD.contains(failure);
    }
}
