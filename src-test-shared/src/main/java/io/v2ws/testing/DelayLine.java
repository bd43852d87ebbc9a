package io.v2ws.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** One direction of a {@link DelayingRelay}: one thread reads, another writes each piece when it is due. */
final class DelayLine {

    private static final int PIECE = 16_384;
    private static final int PIECES = 256;

    /** A piece of the stream; empty bytes are its end, null is its failure. */
    private record Piece(long dueNanos, byte[] bytes) {}

    private final Socket from;
    private final Socket to;
    private final long delayNanos;
    private final long earliestNanos;
    private final Runnable spoken;
    private final BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(PIECES);

    /**
     * Makes a line.
     *
     * @param earliestNanos in terms of {@link System#nanoTime}: what is read before sets off then
     * @param spoken called when bytes have come
     */
    DelayLine(Socket from, Socket to, Duration delay, long earliestNanos, Runnable spoken) {
        this.from = from;
        this.to = to;
        this.delayNanos = delay.toNanos();
        this.earliestNanos = earliestNanos;
        this.spoken = spoken;
    }

    void read() {
        byte[] buffer = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            int count;
            do {
                count = in.read(buffer);
                if (count > 0) {
                    spoken.run();
                }
                put(Arrays.copyOf(buffer, Math.max(count, 0)));
            } while (count >= 0);
        } catch (IOException e) {
            fail();
            put(null);
        }
    }

    /** Takes pieces until the last one, even after a failure: the reader must never wait for room in vain. */
    void write() {
        boolean failed = false;
        Piece piece = take();
        while (piece.bytes() != null && piece.bytes().length > 0) {
            failed = failed || !deliver(piece);
            piece = take();
        }
        if (!failed && piece.bytes() != null) {
            deliver(piece);
        }
    }

    private boolean deliver(Piece piece) {
        for (long left = left(piece); left > 0; left = left(piece)) {
            LockSupport.parkNanos(this, left);
        }
        try {
            if (piece.bytes().length == 0) {
                to.shutdownOutput();
            } else {
                to.getOutputStream().write(piece.bytes());
            }
            return true;
        } catch (IOException e) {
            fail();
            return false;
        }
    }

    private static long left(Piece piece) {
        return piece.dueNanos() - System.nanoTime();
    }

    private void fail() {
        Sockets.reset(from);
        Sockets.reset(to);
    }

    private void put(byte[] bytes) {
        try {
            long now = System.nanoTime();
            queue.put(new Piece(now + Math.max(0, earliestNanos - now) + delayNanos, bytes));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Piece take() {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
