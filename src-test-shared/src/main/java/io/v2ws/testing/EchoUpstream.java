package io.v2ws.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The plain TCP service behind a tunnel, on 127.0.0.1. Idle connections stay open until one side ends them. */
public final class EchoUpstream implements AutoCloseable {

    /** One way to treat a connection. */
    private interface Mode {
        void serve(EchoUpstream upstream, Socket socket) throws IOException;
    }

    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch reading;
    private final SocketServer server;

    private EchoUpstream(Mode mode) throws IOException {
        this(0, new CountDownLatch(0), mode);
    }

    private EchoUpstream(int receiveBufferSize, CountDownLatch reading, Mode mode) throws IOException {
        this.reading = reading;
        this.server = new SocketServer("upstream", receiveBufferSize, socket -> {
            // Without time limit: close() ends the reads.
            socket.setSoTimeout(0);
            mode.serve(this, socket);
        });
    }

    private EchoUpstream(SocketServer.Handler handler) throws IOException {
        this.reading = new CountDownLatch(0);
        this.server = new SocketServer("upstream", handler);
    }

    /** Sends back what it gets until the input ends; then ends its output. */
    public static EchoUpstream echo() throws IOException {
        return new EchoUpstream(EchoUpstream::echo);
    }

    /** Speaks first, then echoes. */
    public static EchoUpstream banner(byte[] banner) throws IOException {
        return new EchoUpstream((upstream, socket) -> {
            socket.getOutputStream().write(banner);
            upstream.echo(socket);
        });
    }

    /** Reads and counts, never writes; ends its output when the input ends. */
    public static EchoUpstream discard() throws IOException {
        return new EchoUpstream((upstream, socket) -> upstream.copy(socket, OutputStream.nullOutputStream()));
    }

    /**
     * Writes {@link Bytes#randomStream(long, long)}, ends its output, then reads to the end.
     *
     * @param seed the seed
     * @param length the number of bytes to each connection
     */
    public static EchoUpstream source(long seed, long length) throws IOException {
        return new EchoUpstream((upstream, socket) -> {
            Bytes.randomStream(seed, length).transferTo(socket.getOutputStream());
            socket.shutdownOutput();
            upstream.copy(socket, OutputStream.nullOutputStream());
        });
    }

    /**
     * Accepts but reads nothing until {@link #resume()}, then echoes.
     *
     * @param receiveBufferSize bytes of each connection's receive buffer, 0 for the system's default
     */
    public static EchoUpstream stalled(int receiveBufferSize) throws IOException {
        return new EchoUpstream(receiveBufferSize, new CountDownLatch(1), EchoUpstream::echo);
    }

    /** Serves each connection as the handler does; its reads time out after 10 seconds, and nothing is counted. */
    public static EchoUpstream scripted(SocketServer.Handler handler) throws IOException {
        return new EchoUpstream(handler);
    }

    /** Lets a stalled upstream read, now and from now on. */
    public void resume() {
        reading.countDown();
    }

    public int port() {
        return server.port();
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** Returns the number of bytes received on all connections. */
    public long receivedBytes() {
        return received.get();
    }

    /** Returns how many connections were accepted until now. */
    public int acceptedConnections() {
        return server.acceptedConnections();
    }

    /** Returns the sockets that are still being served. */
    public List<Socket> liveSockets() {
        return server.liveSockets();
    }

    /** Returns the failures that ended connections until now, resets among them. */
    public List<IOException> failures() {
        return server.failures();
    }

    /** Cuts all live connections with a TCP reset. */
    public void resetAll() {
        server.resetAll();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        reading.countDown();
        server.close();
    }

    private void echo(Socket socket) throws IOException {
        copy(socket, socket.getOutputStream());
        socket.shutdownOutput();
    }

    private void copy(Socket socket, OutputStream out) throws IOException {
        awaitReading();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[65_536];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            received.addAndGet(count);
            out.write(buffer, 0, count);
        }
    }

    private void awaitReading() {
        try {
            reading.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
