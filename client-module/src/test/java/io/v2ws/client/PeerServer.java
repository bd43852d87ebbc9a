package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A hand-written server on 127.0.0.1 that a test drives itself, connection by connection. */
final class PeerServer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    /** How long a connection that must not come is waited for. */
    private static final int GRACE_MILLIS = 150;

    /** A connection that was upgraded. */
    record Tunnel(RawWebSocketPeer peer, RawRequest request) {}

    private final ServerSocket listener = new ServerSocket();
    private final List<AutoCloseable> accepted = new CopyOnWriteArrayList<>();

    PeerServer() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 1024);
    }

    int port() {
        return listener.getLocalPort();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** {@code ws://127.0.0.1:port}. */
    String url() {
        return "ws://" + authority();
    }

    String authority() {
        return "127.0.0.1:" + port();
    }

    /** Waits for the next connection. */
    Socket acceptSocket() throws IOException {
        listener.setSoTimeout(PATIENCE_MILLIS);
        Socket socket = listener.accept();
        accepted.add(socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Waits for the next connection. */
    RawWebSocketPeer accept() throws IOException {
        return RawWebSocketPeer.accept(acceptSocket());
    }

    /** Waits for the next connection and its request, which is not answered. */
    Tunnel acceptRequest() throws IOException {
        return request(accept());
    }

    /** As {@link #acceptRequest()}, but passes over connections that end without a request: a proxy's, given up. */
    Tunnel acceptRequestOfAny() throws IOException {
        while (true) {
            RawWebSocketPeer peer = accept();
            RawRequest request = peer.readRequestHead();
            if (request != null) {
                return new Tunnel(peer, request);
            }
        }
    }

    /** Reads the request of a connection, which is not answered. */
    static Tunnel request(RawWebSocketPeer peer) throws IOException {
        RawRequest request = peer.readRequestHead();
        if (request == null) {
            throw new EOFException("the connection ended without a request");
        }
        return new Tunnel(peer, request);
    }

    /** Waits for the next connection and upgrades it. */
    Tunnel acceptUpgrade() throws IOException {
        Tunnel tunnel = acceptRequest();
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        return tunnel;
    }

    /** Fails if there is a connection that was not accepted, or one comes within a moment. */
    void expectNoConnection() throws IOException {
        expectNoConnection(GRACE_MILLIS);
    }

    void expectNoConnection(int graceMillis) throws IOException {
        listener.setSoTimeout(graceMillis);
        assertThatThrownBy(() -> {
                    Socket socket = listener.accept();
                    accepted.add(socket);
                })
                .as("a connection that must not be made")
                .isInstanceOf(SocketTimeoutException.class);
    }

    /** Closes the next connection at once, if there is one so soon. */
    void closeNextWithin(int millis) throws IOException {
        listener.setSoTimeout(millis);
        try {
            listener.accept().close();
        } catch (SocketTimeoutException none) {
            // None came.
        }
    }

    @Override
    public void close() throws Exception {
        listener.close();
        for (AutoCloseable socket : accepted) {
            socket.close();
        }
    }
}
