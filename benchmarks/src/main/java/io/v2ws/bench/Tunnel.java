package io.v2ws.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One short-lived connection through a line to an {@link EchoServer}. */
final class Tunnel implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int PATIENCE_MILLIS = 20_000;

    private final long number = NUMBERS.incrementAndGet();
    private final SocketChannel channel;

    /**
     * Connects.
     *
     * @param from the local address, null for any: one address has ports for some 28,000 connections
     */
    Tunnel(InetSocketAddress entry, InetSocketAddress from) throws IOException {
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (from != null) {
            channel.bind(from);
        }
        channel.connect(entry);
    }

    /**
     * Sends a message and waits for it.
     *
     * @return the time from the call to the first byte that came back
     */
    Duration echo() throws IOException {
        byte[] message = new byte[EchoServer.MESSAGE];
        ByteBuffer.wrap(message).putLong(number);
        channel.socket().setSoTimeout(PATIENCE_MILLIS);
        long start = System.nanoTime();
        channel.socket().getOutputStream().write(message);
        byte[] back = new byte[EchoServer.MESSAGE];
        int first = channel.socket().getInputStream().read(back);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        int rest = first < 0 ? 0 : channel.socket().getInputStream().readNBytes(back, first, back.length - first);
        if (first + rest != message.length || ByteBuffer.wrap(back).getLong() != number) {
            throw new IOException(
                    "the echo ended after " + Math.max(0, first + rest) + " of " + message.length + " bytes");
        }
        return time;
    }

    /** Closes and waits until the far end of the line has seen it. */
    void closeThrough(EchoServer upstream) throws IOException, InterruptedException {
        CompletableFuture<Void> end = upstream.end(number);
        channel.close();
        try {
            end.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException x) {
            throw new IOException("the end of a connection did not come through in " + PATIENCE_MILLIS + " ms", x);
        }
    }

    @Override
    public void close() {
        Threads.close(channel);
    }
}
