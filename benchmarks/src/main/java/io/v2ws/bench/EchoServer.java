package io.v2ws.bench;

import io.v2ws.testing.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the lines lead to when there are many tunnels: one thread that echoes short messages. A message of
 * {@link #MESSAGE} bytes begins with the number of its connection, so that whoever sent it hears of its end.
 */
final class EchoServer implements AutoCloseable {
    static final int MESSAGE = 64;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Map<Long, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * MESSAGE);

    private EchoServer(ServerSocketChannel listener, Selector selector) {
        this.listener = listener;
        this.selector = selector;
    }

    static EchoServer start() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(Sockets.loopback(0), 4096);
        listener.configureBlocking(false);
        Selector selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        EchoServer server = new EchoServer(listener, selector);
        Threads.start("echo", server::loop);
        return server;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** How many connections there are. */
    int connections() {
        return connections.get();
    }

    /** Completes when the connection with this number has ended on this side. */
    CompletableFuture<Void> end(long number) {
        return ends.computeIfAbsent(number, fresh -> new CompletableFuture<>());
    }

    private void loop() throws IOException {
        while (selector.isOpen()) {
            selector.select(key -> {
                if (key.isAcceptable()) {
                    accept();
                } else {
                    echo(key);
                }
            });
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ);
                connections.incrementAndGet();
            }
        } catch (IOException x) {
            // The next connection may do better; this one is missed by whoever opened it.
        }
    }

    private void echo(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            buffer.clear();
            int count = channel.read(buffer);
            if (count >= Long.BYTES && key.attachment() == null) {
                key.attach(buffer.getLong(0));
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (count < 0) {
                end(key, channel);
            }
        } catch (IOException x) {
            end(key, channel);
        }
    }

    private void end(SelectionKey key, SocketChannel channel) {
        key.cancel();
        Threads.close(channel);
        connections.decrementAndGet();
        if (key.attachment() instanceof Long number) {
            CompletableFuture<Void> waiting = ends.remove(number);
            if (waiting != null) {
                waiting.complete(null);
            }
        }
    }

    @Override
    public void close() {
        Threads.close(listener);
        selector.keys().forEach(key -> Threads.close(key.channel()));
        Threads.close(selector);
    }
}
