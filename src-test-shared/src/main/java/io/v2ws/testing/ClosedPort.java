package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 that refuses connections. It stays bound, without listening, until this is closed: nobody else
 * can get it in the meantime.
 */
public final class ClosedPort implements AutoCloseable {

    private final Socket holder = new Socket();

    /** Takes a port. */
    public ClosedPort() throws IOException {
        holder.bind(Sockets.loopback(0));
    }

    public int port() {
        return holder.getLocalPort();
    }

    public InetSocketAddress address() {
        return Sockets.loopback(port());
    }

    /** Gives the port back. */
    @Override
    public void close() {
        Sockets.closeQuietly(holder);
    }
}
