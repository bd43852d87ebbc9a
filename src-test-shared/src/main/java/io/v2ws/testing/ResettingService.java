package io.v2ws.testing;

import java.io.IOException;
import java.net.ServerSocket;

/**
 * A TCP service on 127.0.0.1 that resets every connection at once, on the thread that accepts: many a reset is there
 * before the other side has seen that it is connected.
 */
public final class ResettingService implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket();
    private final Thread thread = new Thread(this::resetAll, "resetting-service");

    /** Starts it. */
    public ResettingService() throws IOException {
        listener.bind(Sockets.loopback(0), 1024);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the port. */
    public int port() {
        return listener.getLocalPort();
    }

    private void resetAll() {
        while (!listener.isClosed()) {
            try {
                Sockets.reset(listener.accept());
            } catch (IOException closed) {
                // The loop looks.
            }
        }
    }

    @Override
    public void close() {
        Sockets.closeQuietly(listener);
        SocketServer.join(thread, Sockets.TIMEOUT_MILLIS);
    }
}
