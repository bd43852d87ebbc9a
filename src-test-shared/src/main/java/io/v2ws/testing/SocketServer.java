package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP server on 127.0.0.1 with a blocking daemon thread for each connection. When the handler returns, its socket is
 * closed; an {@link IOException} only ends that connection, anything else reaches the uncaught-exception handler, where
 * {@link LeakCheck} sees it.
 */
public final class SocketServer implements AutoCloseable {

    /** What to do with a connection. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Serves one connection.
         *
         * @param socket the accepted socket; reads time out after 10 seconds unless changed
         * @throws IOException if the connection failed
         */
        void handle(Socket socket) throws IOException;
    }

    private final String name;
    private final Handler handler;
    private final ServerSocket listener = new ServerSocket();
    private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();
    private final Set<Socket> connected = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<IOException> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Starts the server.
     *
     * @param name the beginning of its threads' names
     * @param handler serves each connection
     */
    public SocketServer(String name, Handler handler) throws IOException {
        this(name, 0, handler);
    }

    /**
     * Starts the server with a receive buffer of the given size for its connections.
     *
     * @param name the beginning of its threads' names
     * @param receiveBufferSize bytes, 0 for the system's default
     * @param handler serves each connection
     */
    public SocketServer(String name, int receiveBufferSize, Handler handler) throws IOException {
        this.name = name;
        this.handler = handler;
        if (receiveBufferSize > 0) {
            listener.setReceiveBufferSize(receiveBufferSize);
        }
        listener.bind(Sockets.loopback(0), 1024);
        start(name + "-accept", this::acceptAll);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public InetSocketAddress address() {
        return Sockets.loopback(port());
    }

    /** Returns how many connections were accepted until now. */
    public int acceptedConnections() {
        return count.get();
    }

    /** Returns the accepted sockets that are still being served. */
    public List<Socket> liveSockets() {
        return List.copyOf(accepted);
    }

    /** Returns the failures that ended connections until now. */
    public List<IOException> failures() {
        return List.copyOf(failures);
    }

    /** Cuts all live connections with a TCP reset. */
    public void resetAll() {
        liveSockets().forEach(Sockets::reset);
    }

    /** Stops listening, closes all connections and waits for the threads, at most 10 seconds for each. */
    @Override
    public void close() {
        Sockets.closeQuietly(listener);
        accepted.forEach(Sockets::closeQuietly);
        connected.forEach(Sockets::closeQuietly);
        threads.forEach(thread -> join(thread, Sockets.TIMEOUT_MILLIS));
    }

    /** Connects further, for a handler that relays; {@link #close()} closes this socket too. */
    Socket connect(InetSocketAddress target) throws IOException {
        Socket socket = Sockets.connect(target, 0);
        connected.add(socket);
        if (listener.isClosed()) {
            release(socket);
            throw new IOException("the fixture is closed");
        }
        return socket;
    }

    /** Closes a socket that {@link #connect} made. */
    void release(Socket socket) {
        connected.remove(socket);
        Sockets.closeQuietly(socket);
    }

    /** Starts a daemon thread that {@link #close()} waits for. */
    Thread start(String threadName, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                threadName);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                accepted.add(socket);
                start(name + "-" + count.incrementAndGet(), () -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    failures.add(e);
                }
            }
        }
        // One that was accepted while close() went through the list.
        accepted.forEach(Sockets::closeQuietly);
    }

    private void serve(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Sockets.TIMEOUT_MILLIS);
            handler.handle(socket);
        } catch (IOException e) {
            failures.add(e);
        } finally {
            accepted.remove(socket);
            Sockets.closeQuietly(socket);
        }
    }

    /**
     * Waits for another thread; a handler that closes its own server must not wait for itself.
     *
     * @param millis at most so long, 0 for ever
     */
    static void join(Thread thread, long millis) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
