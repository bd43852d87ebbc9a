package io.v2ws.bench;

import io.v2ws.testing.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the lines lead to when throughput is measured. The first byte of a connection says what it is for: a
 * {@link Direction}, or {@link #ECHO}.
 */
final class LoadServer implements AutoCloseable {
    static final int BUFFER = 256 * 1024;

    /** The command of a connection whose bytes all come back, this one too. */
    static final int ECHO = 'E';

    private final ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final LongAdder received = new LongAdder();

    private LoadServer(ServerSocketChannel listener) {
        this.listener = listener;
    }

    static LoadServer start() throws IOException {
        LoadServer server = new LoadServer(ServerSocketChannel.open().bind(Sockets.loopback(0), 1024));
        Threads.start("load-accept", server::accept);
        return server;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** Bytes received so far, on all connections. */
    long received() {
        return received.sum();
    }

    /** How many connections under load there are. */
    int connections() {
        return open.size();
    }

    /** Cuts all connections. */
    void cut() {
        open.forEach(Threads::close);
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel channel = listener.accept();
            Threads.start("load-server", () -> serve(channel));
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            ByteBuffer command = ByteBuffer.allocateDirect(1);
            if (channel.read(command) != 1) {
                return;
            }
            if (command.get(0) == ECHO) {
                echo(channel, command);
                return;
            }
            open.add(channel);
            Direction direction = Direction.values()[command.get(0)];
            if (direction == Direction.BOTH) {
                Threads.start("load-server-source", () -> source(channel));
            }
            if (direction == Direction.DOWN) {
                source(channel);
            } else {
                sink(channel, received);
            }
        } catch (IOException cut) {
            // As every run ends.
        } finally {
            open.remove(channel);
        }
    }

    private static void echo(SocketChannel channel, ByteBuffer buffer) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        do {
            buffer.flip();
            channel.write(buffer);
            buffer.clear();
        } while (channel.read(buffer) > 0);
    }

    /** Reads until the end and counts. */
    static void sink(SocketChannel channel, LongAdder count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
            count.add(read);
            buffer.clear();
        }
    }

    /** Writes until it is cut. */
    static void source(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        while (true) {
            buffer.clear();
            channel.write(buffer);
        }
    }

    @Override
    public void close() {
        Threads.close(listener);
        cut();
    }
}
