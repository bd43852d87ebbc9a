package io.v2ws.relay;

import io.v2ws.ByteStream;
import io.v2ws.StreamOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** A stream whose far end is the test: what it "sends" is read, what is written can be looked at or held back. */
public final class FakeStream implements ByteStream {
    final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    private final Queue<Content.Chunk> incoming = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final boolean halfClose;
    private Runnable demand;
    private Callback held;
    private boolean holding;
    private IOException refusal;
    private boolean ended;
    private int outstanding;
    private Throwable aborted;

    public FakeStream(boolean halfClose) {
        this.halfClose = halfClose;
    }

    // What the far end does

    public void send(byte... bytes) {
        synchronized (this) {
            outstanding++;
        }
        deliver(Content.Chunk.from(ByteBuffer.wrap(bytes), false, this::released));
    }

    private synchronized void released() {
        outstanding--;
    }

    public void sendEnd() {
        deliver(Content.Chunk.EOF);
    }

    void sendFailure(IOException failure) {
        deliver(Content.Chunk.from(failure, true));
    }

    private void deliver(Content.Chunk chunk) {
        Runnable reader;
        synchronized (this) {
            incoming.add(chunk);
            reader = demand;
            demand = null;
        }
        if (reader != null) {
            reader.run();
        }
    }

    /** Closes in order, from the far end. */
    public void closeByPeer() {
        closed.complete(new StreamOutcome(0, 0, null, 0));
    }

    /** Breaks: the end of the connection is known before the reader has met the failure. */
    void breakWith(IOException failure) {
        closed.complete(new StreamOutcome(0, 0, failure, 0));
        sendFailure(failure);
    }

    synchronized void holdWrites() {
        holding = true;
    }

    void letWritesGo() {
        Callback waiting;
        synchronized (this) {
            holding = false;
            waiting = held;
            held = null;
        }
        if (waiting != null) {
            waiting.succeeded();
        }
    }

    synchronized void refuseWrites(IOException with) {
        refusal = with;
    }

    public synchronized byte[] written() {
        return written.toByteArray();
    }

    synchronized boolean outputEnded() {
        return ended;
    }

    synchronized int unreleased() {
        return outstanding;
    }

    synchronized int unread() {
        return incoming.size();
    }

    synchronized Throwable aborted() {
        return aborted;
    }

    // What the stream does

    @Override
    public synchronized Content.Chunk read() {
        Content.Chunk next = incoming.peek();
        // The end stays the end.
        return next == null || next.isLast() ? next : incoming.poll();
    }

    @Override
    public void demand(Runnable demandCallback) {
        synchronized (this) {
            if (incoming.isEmpty()) {
                demand = demandCallback;
                return;
            }
        }
        demandCallback.run();
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        IOException refused;
        synchronized (this) {
            refused = refusal;
            if (refused == null) {
                byte[] bytes = new byte[byteBuffer.remaining()];
                byteBuffer.get(bytes);
                written.writeBytes(bytes);
                ended |= last;
                if (holding) {
                    held = callback;
                    return;
                }
            }
        }
        if (refused != null) {
            callback.failed(refused);
        } else {
            callback.succeeded();
        }
    }

    @Override
    public boolean canHalfClose() {
        return halfClose;
    }

    @Override
    public void close() {
        closed.complete(new StreamOutcome(0, 0, null, 0));
    }

    @Override
    public void abort(Throwable cause) {
        synchronized (this) {
            aborted = cause;
        }
        closed.complete(new StreamOutcome(0, 0, new IOException("aborted", cause), 0));
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public long bytesIn() {
        return 0;
    }

    @Override
    public long bytesOut() {
        return 0;
    }
}
