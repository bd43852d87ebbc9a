package io.v2ws.cli;

import io.v2ws.HostAndPort;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A TCP service on a free loopback port, for the demo: one blocking thread for each connection. */
final class DemoUpstream implements AutoCloseable {
    /** Followed by a length and that many bytes; answered with their SHA-256. */
    static final int UP = 'U';

    /** Followed by a length and a seed; answered with that many bytes of {@link SeededStream}. */
    static final int DOWN = 'D';

    private interface Service {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket listening;
    private final Service service;

    private DemoUpstream(Service service) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.service = service;
        daemon(this::acceptLoop);
    }

    /** Starts a service that returns every byte. */
    static DemoUpstream echo() throws IOException {
        return new DemoUpstream(SeededStream::copy);
    }

    /** Starts a service for measuring one direction at a time, see {@link #UP} and {@link #DOWN}. */
    static DemoUpstream measure() throws IOException {
        return new DemoUpstream(DemoUpstream::measure);
    }

    /** The address it listens on. */
    HostAndPort address() {
        return new HostAndPort(listening.getInetAddress().getHostAddress(), listening.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static void measure(InputStream in, OutputStream out) throws IOException {
        DataInputStream request = new DataInputStream(in);
        int command = request.read();
        if (command == UP) {
            out.write(SeededStream.sha256(in, request.readLong()));
        } else if (command == DOWN) {
            long length = request.readLong();
            SeededStream.copy(new SeededStream(request.readLong(), length), out);
        }
    }

    private void acceptLoop() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> serve(socket));
            } catch (IOException closedOrShort) {
                // The service was closed. After any other failure, the transfer fails and ends the demo.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            service.serve(socket.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
            // Reads to the end: a close with unread bytes would be a reset.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            // The other end sees the failure as well and reports it.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "v2ws-demo-upstream");
        thread.setDaemon(true);
        thread.start();
    }
}
