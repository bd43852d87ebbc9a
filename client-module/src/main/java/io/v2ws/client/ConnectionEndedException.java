package io.v2ws.client;

import java.io.IOException;

/**
 * The far end closed or reset the connection before the tunnel had come about, and refused nothing in words. No fault
 * of this side's: a server that is restarted does so.
 */
final class ConnectionEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionEndedException(String message, Throwable cause) {
        super(message, cause);
    }
}
