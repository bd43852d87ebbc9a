package io.v2ws.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of 127.0.0.1 that does not answer: it listens, accepts nothing, and its queue is full (Linux drops the SYN).
 */
final class FullBacklog implements AutoCloseable {
    private static final int PROBE_MILLIS = 300;
    private static final int MORE_THAN_ANY_QUEUE = 100;

    private final ServerSocket listener;
    private final List<Socket> queued = new ArrayList<>();

    FullBacklog() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
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

    int port() {
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
