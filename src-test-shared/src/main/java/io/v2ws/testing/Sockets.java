package io.v2ws.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** Small things every fixture does with sockets. */
public final class Sockets {

    /** How long a read, and a write of the raw peer, may block before a test fails instead of hanging. */
    static final int TIMEOUT_MILLIS = 10_000;

    private Sockets() {}

    /** 127.0.0.1, whatever the machine calls its loopback address. */
    public static InetSocketAddress loopback(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Connects a socket with the usual timeouts.
     *
     * @param receiveBufferSize bytes, 0 for the system's default; works only when set before connecting
     */
    static Socket connect(SocketAddress address, int receiveBufferSize) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBufferSize > 0) {
                socket.setReceiveBufferSize(receiveBufferSize);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /** Closes with a TCP reset. */
    public static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already: there is nothing left to reset.
        }
        closeQuietly(socket);
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // The fixture is being taken down; the other side sees the end either way.
        }
    }
}
