package io.v2ws.cli;

import io.v2ws.WebSocketStream;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends pseudo-random bytes through a tunnel; checks and times the bytes that the echo returns. */
final class BenchRun {
    private static final long SEED = 0x76327773;
    private static final long SHOW_EVERY_MILLIS = 200;

    /** Ends the wait for an upstream that returns nothing. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final WebSocketTransportClient client;
    private final long length;
    private final Progress progress;
    private volatile long arrived;
    private volatile long lastArrival;
    /** Written by the thread that writes, read after its end. */
    private long upStart;

    private long upEnd;

    BenchRun(WebSocketTransportClient client, long length, Progress progress) {
        this.client = client;
        this.length = length;
        this.progress = progress;
    }

    /**
     * Runs once.
     *
     * @throws IOException if the tunnel fails, or does not lead to an echo
     */
    BenchResult run() throws IOException, InterruptedException, ExecutionException {
        warmUp();
        long start = System.nanoTime();
        lastArrival = start;
        WebSocketStream tunnel = client.connect().get();
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(BenchRun::daemon);
        try {
            FutureTask<Void> writer = new FutureTask<>(() -> up(tunnel), null);
            daemon(writer).start();
            ticker.scheduleAtFixedRate(() -> tick(tunnel), SHOW_EVERY_MILLIS, SHOW_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            long firstByte = down(tunnel);
            long end = System.nanoTime();
            writer.get();
            return new BenchResult(firstByte - start, upEnd - upStart, end - firstByte, end - upStart);
        } finally {
            ticker.shutdownNow();
            ticker.awaitTermination(1, TimeUnit.SECONDS);
            progress.end();
            // A graceful close after a success; a failure has aborted the tunnel already.
            tunnel.close();
            tunnel.closed().get();
        }
    }

    /** Opens a first tunnel for one byte, so that the JVM's class loading is not measured. */
    private void warmUp() throws IOException, InterruptedException, ExecutionException {
        WebSocketStream tunnel = client.connect().get();
        // Ends the wait if nothing comes back.
        ScheduledExecutorService patience = Executors.newSingleThreadScheduledExecutor(BenchRun::daemon);
        patience.schedule(() -> tunnel.abort(silence()), PATIENCE, TimeUnit.NANOSECONDS);
        try {
            tunnel.asOutputStream().write(0);
            tunnel.asInputStream().read();
        } finally {
            patience.shutdownNow();
            tunnel.close();
            tunnel.closed().get();
        }
    }

    private static IOException silence() {
        return new IOException("nothing came back for 30 s: is the far end an echo?");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "v2ws-bench");
        thread.setDaemon(true);
        return thread;
    }

    private void up(WebSocketStream tunnel) {
        OutputStream out = tunnel.asOutputStream();
        upStart = System.nanoTime();
        try {
            SeededStream.copy(new SeededStream(SEED, length), out);
        } catch (IOException x) {
            // The reader fails for the same reason and reports it.
            tunnel.abort(x);
        }
        upEnd = System.nanoTime();
    }

    /** Reads and compares all bytes. Returns the time of the first byte. */
    private long down(WebSocketStream tunnel) throws IOException {
        InputStream in = tunnel.asInputStream();
        SeededStream expected = new SeededStream(SEED, length);
        byte[] chunk = new byte[SeededStream.CHUNK];
        long firstByte = 0;
        while (arrived < length) {
            int count = in.read(chunk);
            if (count < 0) {
                throw new IOException(
                        "the far end closed after " + arrived + " of " + length + " bytes: is the far end an echo?");
            }
            lastArrival = System.nanoTime();
            if (arrived == 0) {
                firstByte = lastArrival;
            }
            int different = expected.mismatch(chunk, count);
            if (different >= 0) {
                IOException failure = new IOException(
                        "byte " + (arrived + different) + " did not come back as it was sent: is the far end an echo?");
                tunnel.abort(failure);
                throw failure;
            }
            arrived += count;
        }
        return firstByte;
    }

    private void tick(WebSocketStream tunnel) {
        progress.show(arrived);
        if (System.nanoTime() - lastArrival > PATIENCE) {
            tunnel.abort(silence());
        }
    }
}
