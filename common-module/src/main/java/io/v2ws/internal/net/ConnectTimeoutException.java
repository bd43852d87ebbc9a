package io.v2ws.internal.net;

import java.net.SocketTimeoutException;

/** No TCP connection came about in time: the look-up or the addresses did not answer. Nothing was sent. */
public final class ConnectTimeoutException extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public ConnectTimeoutException(String message) {
        super(message);
    }
}
