package io.v2ws.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Sockets in front of a {@link LocalForwarder}. */
final class ForwarderFixture {
    private ForwarderFixture() {}

    /** 127.0.0.1 with a port that is free. */
    static InetSocketAddress anyPort() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    /** Connects; reads fail after 10 seconds. */
    static Socket connect(LocalForwarder forwarder) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        socket.connect(forwarder.localAddress(), 10_000);
        return socket;
    }

    /** Ends a connection with a TCP reset. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
