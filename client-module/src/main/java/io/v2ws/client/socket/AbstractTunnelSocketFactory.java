package io.v2ws.client.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** What all factories of tunnel sockets have in common: host and port have no effect, and are never looked up. */
abstract class AbstractTunnelSocketFactory extends SocketFactory {
    private final ClientSource source;

    AbstractTunnelSocketFactory(ClientSource source) {
        this.source = source;
    }

    /** Returns a socket that opens its tunnel when it is connected, to any address. */
    @Override
    public Socket createSocket() {
        return new TunnelSocket(source);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    private Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = createSocket();
        socket.connect(address);
        return socket;
    }
}
