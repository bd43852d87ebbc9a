package io.v2ws.cli;

import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.UnansweredCloseException;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Blocker;

/**
 * Joins a tunnel with a pair of blocking streams, one thread per direction, as {@code nc} does. The calling thread
 * copies from the tunnel to the output. When the tunnel has ended, the output is closed, and the input continues until
 * it ends or the far end closes; if the far end does not support half-close, until the input is idle for the linger.
 */
final class StdioPump {
    private static final int CHUNK = 64 * 1024;

    private final WebSocketStream tunnel;
    private final InputStream in;
    private final OutputStream out;
    private final Duration linger;
    /** When the last bytes of the far end were written; not counted while {@code writing}. */
    private volatile long lastTraffic = System.nanoTime();

    private volatile boolean writing;
    /** When the last bytes of the input were sent; not counted while {@code sending}. */
    private volatile long lastInput = System.nanoTime();

    private volatile boolean sending;

    private volatile IOException localFailure;
    private final CompletableFuture<Void> inputEnded = new CompletableFuture<>();

    /**
     * Makes a pump.
     *
     * @param linger how long one direction may be idle after the end of the other, if the far end does not support
     *     half-close
     */
    StdioPump(WebSocketStream tunnel, InputStream in, OutputStream out, Duration linger) {
        this.tunnel = tunnel;
        this.in = in;
        this.out = out;
        this.linger = linger;
    }

    /**
     * Carries bytes until both directions have ended, or the far end closes.
     *
     * @throws IOException if either end fails
     */
    void run() throws IOException, InterruptedException {
        Thread up = new Thread(this::up, "v2ws-stdin");
        // A read from the terminal cannot be interrupted.
        up.setDaemon(true);
        up.start();
        try {
            down();
        } catch (IOException x) {
            tunnel.abort(x);
            throw localFailure != null ? localFailure : x;
        }
        try {
            awaitInput();
            tunnel.close();
            check(tunnel.closed().get());
        } catch (ExecutionException never) {
            throw new IllegalStateException("neither future fails", never);
        }
    }

    /**
     * Throws what went wrong behind the end of the answer: the rest of the input may be lost. A far end that closes in
     * order does not want the rest; one that has everything need not answer the Close frame.
     */
    private void check(StreamOutcome end) throws IOException {
        if (localFailure != null) {
            throw localFailure;
        }
        boolean closedByPeer =
                end.closeCode() == WebSocketCloseException.NORMAL || end.closeCode() == WebSocketCloseException.NO_CODE;
        if (!end.isClean() && !closedByPeer && !(end.failure() instanceof UnansweredCloseException)) {
            throw end.failure();
        }
    }

    /** Waits while the far end still receives the rest of the input. */
    private void awaitInput() throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        CompletableFuture<Object> over = CompletableFuture.anyOf(inputEnded, tunnel.closed());
        while (true) {
            long idle = sending ? 0 : System.nanoTime() - start - Math.max(0, lastInput - start);
            long left = tunnel.canHalfClose() ? Long.MAX_VALUE : linger.toNanos() - idle;
            if (left <= 0) {
                return;
            }
            try {
                over.get(left, TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException look) {
                // More of the input may have come meanwhile.
            }
        }
    }

    private void down() throws IOException {
        InputStream answer = tunnel.asInputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = answer.read(chunk); count >= 0; count = answer.read(chunk)) {
            writing = true;
            try {
                out.write(chunk, 0, count);
                out.flush();
            } catch (IOException x) {
                throw new IOException("standard output: " + x.getMessage(), x);
            }
            lastTraffic = System.nanoTime();
            writing = false;
        }
        out.close();
    }

    private void up() {
        try {
            byte[] chunk = new byte[CHUNK];
            for (int count = read(chunk); count >= 0; count = read(chunk)) {
                sending = true;
                write(false, ByteBuffer.wrap(chunk, 0, count));
                lastInput = System.nanoTime();
                sending = false;
            }
            write(true, ByteBuffer.allocate(0));
            inputEnded.complete(null);
            lingerOver();
        } catch (StreamEndedException ended) {
            // The far end receives no more; the end of its own direction decides.
        } catch (IOException x) {
            if (localFailure != null) {
                tunnel.abort(x);
            }
            // Otherwise the tunnel is broken: the other thread reads the bytes that had arrived, and then the failure.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            inputEnded.complete(null);
        }
    }

    private int read(byte[] chunk) throws IOException {
        try {
            return in.read(chunk);
        } catch (IOException x) {
            localFailure = new IOException("standard input: " + x.getMessage(), x);
            throw localFailure;
        }
    }

    private void write(boolean last, ByteBuffer buffer) throws IOException {
        try (Blocker.Callback callback = Blocker.callback()) {
            tunnel.write(last, buffer, callback);
            callback.block();
        }
    }

    /** Ends an idle tunnel whose far end could not be told that the input has ended. */
    private void lingerOver() throws InterruptedException {
        long start = System.nanoTime();
        while (!tunnel.canHalfClose()) {
            long idle = writing ? 0 : System.nanoTime() - (lastTraffic - start > 0 ? lastTraffic : start);
            long left = linger.toNanos() - idle;
            if (left <= 0) {
                tunnel.close();
                return;
            }
            try {
                tunnel.closed().get(left, TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException look) {
                // Traffic may have come meanwhile.
            } catch (ExecutionException never) {
                return;
            }
        }
    }
}
