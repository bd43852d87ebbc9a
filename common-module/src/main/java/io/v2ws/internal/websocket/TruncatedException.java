package io.v2ws.internal.websocket;

import java.io.EOFException;

/** The peer ended its output where an end in order cannot be: inside a message, or with TLS without a close_notify. */
final class TruncatedException extends EOFException {
    private static final long serialVersionUID = 1L;

    TruncatedException(String message) {
        super(message);
    }
}
