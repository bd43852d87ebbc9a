package io.v2ws.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One sample of throughput: connections through a line that send, or receive, as fast as they can, for a while. What
 * counts is what arrives at the far end within the window.
 */
final class LoadRun implements AutoCloseable {
    private static final long LONGEST_START = TimeUnit.SECONDS.toNanos(20);
    private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_END = TimeUnit.SECONDS.toNanos(10);

    private final LoadServer upstream;
    private final Line line;
    private final Direction direction;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final LongAdder received = new LongAdder();

    private LoadRun(LoadServer upstream, Line line, Direction direction) {
        this.upstream = upstream;
        this.line = line;
        this.direction = direction;
    }

    /**
     * What came through.
     *
     * @param bytes in the window
     * @param seconds how long it was
     * @param cpuSeconds what the processes of the line used in it
     */
    record Sample(long bytes, double seconds, double cpuSeconds) {
        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }

        double cpuSecondsPerGigabyte() {
            return cpuSeconds / (bytes / 1e9);
        }
    }

    /** Takes a sample. */
    static Sample sample(
            LoadServer upstream, Line line, Direction direction, int connections, Duration leadIn, Duration window)
            throws IOException, InterruptedException {
        try (LoadRun run = start(upstream, line, direction, connections)) {
            Thread.sleep(leadIn.toMillis());
            return run.watch(window);
        }
    }

    /** Opens the connections and lets them run until this is closed. */
    static LoadRun start(LoadServer upstream, Line line, Direction direction, int connections)
            throws IOException, InterruptedException {
        LoadRun run = new LoadRun(upstream, line, direction);
        try {
            for (int i = 0; i < connections; i++) {
                run.open();
            }
            run.awaitAll();
            return run;
        } catch (IOException | InterruptedException x) {
            run.close();
            throw x;
        }
    }

    private void open() throws IOException {
        SocketChannel channel = SocketChannel.open(line.entry());
        channels.add(channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.write(ByteBuffer.wrap(new byte[] {(byte) direction.ordinal()}));
        if (direction != Direction.DOWN) {
            Threads.start("load-up", () -> LoadServer.source(channel));
        }
        if (direction != Direction.UP) {
            Threads.start("load-down", () -> LoadServer.sink(channel, received));
        }
    }

    /** Waits until every connection has come through. */
    private void awaitAll() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_START;
        while (upstream.connections() < channels.size()) {
            if (System.nanoTime() > deadline) {
                throw new IOException((channels.size() - upstream.connections()) + " of " + channels.size()
                        + " connections did not come through" + line.logTails());
            }
            Thread.sleep(1);
        }
    }

    /** Counts what arrives for a while, and for longer if nothing does. */
    Sample watch(Duration window) throws IOException, InterruptedException {
        Watch watch = watch();
        do {
            Thread.sleep(window.toMillis());
        } while (watch.bytes() == 0 && System.nanoTime() - watch.start < LONGEST_SILENCE);
        return watch.end();
    }

    /** Begins to count what arrives. */
    Watch watch() throws IOException {
        return new Watch();
    }

    /** Counts what arrives from its making on. */
    final class Watch {
        private final Duration cpu = line.cpu();
        private final long before = arrived();
        private final long start = System.nanoTime();

        private Watch() throws IOException {}

        private long bytes() {
            return arrived() - before;
        }

        /** Says what has come through. */
        Sample end() throws IOException {
            long bytes = bytes();
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = line.cpu().minus(cpu).toNanos() / 1e9;
            if (upstream.connections() < channels.size()) {
                throw new IOException((channels.size() - upstream.connections()) + " of " + channels.size()
                        + " connections broke" + line.logTails());
            }
            if (bytes == 0) {
                throw new IOException("nothing arrived" + line.logTails());
            }
            return new Sample(bytes, seconds, cpuSeconds);
        }
    }

    private long arrived() {
        return upstream.received() + received.sum();
    }

    /** Cuts the connections at both ends and waits until the line has noticed. */
    @Override
    public void close() {
        channels.forEach(Threads::close);
        upstream.cut();
        long deadline = System.nanoTime() + LONGEST_END;
        while (upstream.connections() > 0 && System.nanoTime() < deadline) {
            pause();
        }
        pause();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
        }
    }
}
