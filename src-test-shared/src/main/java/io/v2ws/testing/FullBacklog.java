package io.v2ws.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A local port that does not answer: it listens, accepts nothing, and its queue is full (Linux drops the SYN).
 */
public final class FullBacklog implements AutoCloseable {
    private static final int PROBE_MILLIS = 300;
    private static final int MORE_THAN_ANY_QUEUE = 100;

    private final ServerSocket listener;
    private final List<Socket> queued = new ArrayList<>();

    /** Opens a port of 127.0.0.1. */
    public FullBacklog() throws IOException {
        this(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    /**
     * Opens a port of a local address.
     *
     * @param port 0 for any
     */
    public FullBacklog(InetAddress address, int port) throws IOException {
        listener = new ServerSocket(port, 1, address);
        while (connects()) {
            if (queued.size() > MORE_THAN_ANY_QUEUE) {
                close();
                throw new IOException("the queue never gets full");
            }
        }
    }

    private boolean connects() throws IOException {
        Socket socket = new Socket();
        queued.add(socket);
        try {
            socket.connect(new InetSocketAddress(listener.getInetAddress(), port()), PROBE_MILLIS);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    /** The port. */
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queued) {
            socket.close();
        }
        listener.close();
    }
}
