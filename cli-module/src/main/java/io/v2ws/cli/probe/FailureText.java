package io.v2ws.cli.probe;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Turns failures into messages for the report. */
final class FailureText {
    private FailureText() {}

    static IOException io(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            return new SocketTimeoutException(String.valueOf(cause.getMessage()));
        }
        return cause instanceof IOException io ? io : new IOException(message(cause), cause);
    }

    /** Returns the message as one printable line. */
    static String message(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return "unknown host";
        }
        if (failure instanceof ClosedChannelException) {
            return "the connection was closed";
        }
        String text = failure.getMessage();
        return text == null || text.isBlank()
                ? failure.getClass().getSimpleName()
                : ReportFormat.text(text.strip().replaceAll("\\s+", " "));
    }

    /** Whether a failure is of the given class, or caused by one. */
    static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
