package io.v2ws.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on 127.0.0.1 that knows CONNECT only. Other methods get 405, missing or wrong credentials 407, and an
 * unreachable target 502; the connection stays open for another try.
 */
public final class RawHttpProxy extends ConnectingProxy {
    private volatile String interim = "";
    private volatile boolean forbidding;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Starts a proxy for everyone. */
    public RawHttpProxy() throws IOException {
        super("http-proxy", null);
    }

    /** Starts a proxy that wants Basic credentials. */
    public RawHttpProxy(String user, String password) throws IOException {
        super("http-proxy", "Basic " + Base64.getEncoder().encodeToString(Bytes.utf8(user + ":" + password)));
    }

    /** Sends responses in front of the final one of CONNECT, as they stand. */
    public RawHttpProxy interim(String heads) {
        interim = heads;
        return this;
    }

    /** Refuses every CONNECT. */
    public RawHttpProxy forbid() {
        forbidding = true;
        return this;
    }

    /** The heads of all requests until now. */
    public List<String> requests() {
        return requests;
    }

    @Override
    void serve(Socket socket) throws IOException {
        while (true) {
            RawRequest request = RawRequest.read(socket.getInputStream());
            if (request == null) {
                return;
            }
            requests.add(request.head());
            if (credentials() != null && !credentials().equals(request.header("Proxy-Authorization"))) {
                refuse(socket, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"");
            } else if (!request.method().equals("CONNECT")) {
                refuse(socket, "405 Method Not Allowed\r\nAllow: CONNECT");
            } else if (forbidding) {
                refuse(socket, "403 Forbidden");
            } else if (connect(socket, request.target())) {
                return;
            }
        }
    }

    private boolean connect(Socket socket, String target) throws IOException {
        Socket far;
        try {
            far = connect(target);
        } catch (IOException e) {
            refuse(socket, "502 Bad Gateway");
            return false;
        }
        write(socket, interim + "HTTP/1.1 200 Connection established\r\n\r\n");
        relay(socket, far);
        return true;
    }

    private static void refuse(Socket socket, String statusAndHeaders) throws IOException {
        write(socket, "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\n\r\n");
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
