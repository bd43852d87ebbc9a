package io.v2ws.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Copies bytes between two sockets in both directions; half-closes and resets are passed on. */
final class Relay {

    private Relay() {}

    /** Copies until both directions have ended, then closes {@code far}. Idle connections stay. */
    static void run(SocketServer server, Socket near, Socket far) throws IOException {
        try {
            // Without time limit: close() of the server ends these reads.
            near.setSoTimeout(0);
            far.setSoTimeout(0);
            String name = Thread.currentThread().getName() + "-back";
            Thread back = server.start(name, () -> copy(far, near));
            copy(near, far);
            SocketServer.join(back, 0);
        } finally {
            server.release(far);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            Sockets.reset(from);
            Sockets.reset(to);
        }
    }
}
