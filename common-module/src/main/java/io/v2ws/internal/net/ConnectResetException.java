package io.v2ws.internal.net;

import java.net.ConnectException;
import java.net.SocketException;
import java.util.Locale;

/**
 * The far end accepted a connection and reset it before this side had seen that it stood. That is a disconnect: the far
 * end is there, while any other {@link ConnectException} tells of one that cannot be reached.
 */
public final class ConnectResetException extends ConnectException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception of a target all of whose addresses have done so. */
    public ConnectResetException(String message) {
        super(message);
    }

    /**
     * Whether a connect failed because the far end had accepted the connection and reset it.
     *
     * <p>Java has types for what is refused, timed out or has no route. All else is a plain {@link SocketException}:
     * such a reset (ECONNRESET, or EPIPE where the far end had ended its output before), but also a router's answer
     * that it does not know the network (ENETUNREACH). Only the text of the system tells them apart. In a language
     * other than English a reset is taken for a target that cannot be reached, which says too much rather than too
     * little.
     *
     * @param failure what {@link java.nio.channels.SocketChannel#finishConnect} has thrown
     */
    public static boolean isReset(Throwable failure) {
        if (failure.getClass() != SocketException.class || failure.getMessage() == null) {
            return false;
        }
        String text = failure.getMessage().toLowerCase(Locale.ROOT);
        return text.contains("reset") || text.contains("broken pipe");
    }
}
