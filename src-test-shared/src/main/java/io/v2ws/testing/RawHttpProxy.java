package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * An HTTP proxy on 127.0.0.1 that knows CONNECT only. Other methods get 405, missing or wrong credentials 407, and an
 * unreachable target 502; the connection stays open for another try.
 */
public final class RawHttpProxy implements AutoCloseable {

    private final ProxyTargets targets = new ProxyTargets();
    private final String authorization;
    private final SocketServer server;

    /** Starts a proxy for everyone. */
    public RawHttpProxy() throws IOException {
        this(null);
    }

    /** Starts a proxy that wants Basic credentials. */
    public RawHttpProxy(String user, String password) throws IOException {
        this("Basic " + Base64.getEncoder().encodeToString(Bytes.utf8(user + ":" + password)));
    }

    private RawHttpProxy(String authorization) throws IOException {
        this.authorization = authorization;
        this.server = new SocketServer("http-proxy", this::serve);
    }

    /** Returns the port. */
    public int port() {
        return server.port();
    }

    /** Returns the address. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Returns the authorised targets asked for, in order, each {@code host:port} as it was written. */
    public List<String> targets() {
        return targets.asked();
    }

    /** Sends connections for this {@code host:port} elsewhere, so that names that do not exist can be used. */
    public void route(String hostAndPort, InetSocketAddress address) {
        targets.route(hostAndPort, address);
    }

    /** Returns how many connections were accepted until now. */
    public int acceptedConnections() {
        return server.acceptedConnections();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        server.close();
    }

    private void serve(Socket socket) throws IOException {
        while (true) {
            RawRequest request = RawRequest.read(socket.getInputStream());
            if (request == null) {
                return;
            }
            if (authorization != null && !authorization.equals(request.header("Proxy-Authorization"))) {
                refuse(socket, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"");
            } else if (!request.method().equals("CONNECT")) {
                refuse(socket, "405 Method Not Allowed\r\nAllow: CONNECT");
            } else if (connect(socket, request.target())) {
                return;
            }
        }
    }

    private boolean connect(Socket socket, String target) throws IOException {
        Socket far;
        try {
            far = targets.connect(server, target);
        } catch (IOException e) {
            refuse(socket, "502 Bad Gateway");
            return false;
        }
        write(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
        Relay.run(server, socket, far);
        return true;
    }

    private static void refuse(Socket socket, String statusAndHeaders) throws IOException {
        write(socket, "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\n\r\n");
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
