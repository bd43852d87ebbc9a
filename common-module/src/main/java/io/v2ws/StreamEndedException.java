package io.v2ws;

import java.io.IOException;

/** A write on a stream that has ended in order: closed by this side, by the peer, or after the last write. */
public final class StreamEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception with a message saying who ended the stream. */
    public StreamEndedException(String message) {
        super(message);
    }

    /** Has no stack trace: it is how an end in order is told, and every stream makes several. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /**
     * What readers and writers fail with after {@link ByteStream#abort}: that is no end in order, and no such
     * exception.
     */
    public static IOException aborted(Throwable cause) {
        return new IOException("stream aborted: " + (cause.getMessage() == null ? cause : cause.getMessage()), cause);
    }
}
