package io.v2ws.client;

import static io.v2ws.WebSocketCloseException.NO_CLOSE_FRAME;

import io.v2ws.EarlyData;
import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A stream whose upgrade goes out with the first write (rules C2 to C7): as many bytes as may ride in the request, the
 * rest as the first frame. Until the upgrade has succeeded writes and the reader's demand wait; then everything goes to
 * the real stream.
 *
 * <p>The fields without a word are guarded by {@code lock}; nothing is called with it held.
 */
final class EarlyDataStream implements WebSocketStream {
    private enum State {
        NEW,
        CONNECTING,
        OPEN,
        ENDED
    }

    /** One call of write that waits for the upgrade. */
    private record Write(boolean last, ByteBuffer buffer, Callback callback) {}

    private final AutoLock lock = new AutoLock();
    private final Function<String, CompletableFuture<WebSocketStream>> upgrade;
    private final int maxEarlyData;
    private final Consumer<EarlyDataStream> whenBegun;
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    private final Queue<Write> waiting = new ArrayDeque<>(1);
    private State state = State.NEW;
    private Runnable demand;
    private IOException refusal;
    private boolean closeRequested;
    private CompletableFuture<WebSocketStream> handshake;
    private Scheduler.Task firstWriteTimer;
    /** The real stream; written under the lock, read by anybody. */
    private volatile WebSocketStream stream;
    /** What readers get once there is no real stream to read from; written under the lock, read by anybody. */
    private volatile Content.Chunk end;

    private volatile int earlyBytes;

    /**
     * Makes a stream that is not connected yet.
     *
     * @param upgrade sends an upgrade request with the early data it is given
     * @param maxEarlyData most bytes of early data
     * @param whenBegun called when the stream upgrades or has ended without that
     */
    EarlyDataStream(
            Function<String, CompletableFuture<WebSocketStream>> upgrade,
            int maxEarlyData,
            Consumer<EarlyDataStream> whenBegun) {
        this.upgrade = upgrade;
        this.maxEarlyData = maxEarlyData;
        this.whenBegun = whenBegun;
    }

    /** Upgrades without early data when nothing was written for {@code wait}: the server may be the one to speak first. */
    void startAfter(Duration wait, Scheduler scheduler) {
        if (wait.isZero()) {
            return;
        }
        Scheduler.Task timer = scheduler.schedule(
                () -> {
                    if (begin(null)) {
                        connect("");
                    }
                },
                wait.toMillis(),
                TimeUnit.MILLISECONDS);
        try (AutoLock ignored = lock.lock()) {
            firstWriteTimer = timer;
        }
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        ByteBuffer buffer = byteBuffer == null ? ByteBuffer.allocate(0) : byteBuffer;
        Write write = new Write(last, buffer, callback);
        if (begin(write)) {
            int before = buffer.remaining();
            String earlyData = EarlyData.split(buffer, maxEarlyData);
            earlyBytes = before - buffer.remaining();
            connect(earlyData);
            return;
        }
        IOException refused;
        try (AutoLock ignored = lock.lock()) {
            refused = refusal;
            if (refused == null && state == State.CONNECTING) {
                waiting.add(write);
                return;
            }
        }
        if (refused != null) {
            callback.failed(refused);
        } else {
            stream.write(last, buffer, callback);
        }
    }

    @Override
    public void write(Content.Chunk chunk, Callback callback) {
        WebSocketStream opened;
        try (AutoLock ignored = lock.lock()) {
            opened = state == State.OPEN ? stream : null;
        }
        if (opened != null) {
            opened.write(chunk, callback);
        } else {
            write(false, chunk.getByteBuffer(), callback);
        }
    }

    /** Goes from new to connecting, once; {@code first} is then at the head of what waits. */
    private boolean begin(Write first) {
        Scheduler.Task timer;
        try (AutoLock ignored = lock.lock()) {
            if (state != State.NEW) {
                return false;
            }
            state = State.CONNECTING;
            if (first != null) {
                waiting.add(first);
            }
            timer = firstWriteTimer;
        }
        if (timer != null) {
            timer.cancel();
        }
        whenBegun.accept(this);
        return true;
    }

    private void connect(String earlyData) {
        CompletableFuture<WebSocketStream> sent = upgrade.apply(earlyData);
        boolean abandoned;
        try (AutoLock ignored = lock.lock()) {
            handshake = sent;
            abandoned = state == State.ENDED;
        }
        if (abandoned) {
            sent.cancel(false);
        }
        sent.whenComplete((opened, failure) -> {
            if (opened != null) {
                opened(opened);
            } else {
                failed(failure instanceof IOException io ? io : new IOException(failure.toString(), failure));
            }
        });
    }

    private void opened(WebSocketStream opened) {
        Runnable reader;
        try (AutoLock ignored = lock.lock()) {
            if (state == State.ENDED) {
                reader = null;
            } else {
                stream = opened;
                reader = demand;
                demand = null;
            }
        }
        if (stream == null) {
            opened.abort(refusal);
            return;
        }
        opened.closed()
                .thenAccept(outcome -> closed.complete(new StreamOutcome(
                        outcome.bytesIn(), outcome.bytesOut() + earlyBytes, outcome.failure(), outcome.closeCode())));
        flush(opened);
        if (reader != null) {
            opened.demand(reader);
        }
    }

    /** Hands over what waited, in order; whoever writes meanwhile lines up behind. */
    private void flush(WebSocketStream opened) {
        while (true) {
            Write next;
            boolean close;
            try (AutoLock ignored = lock.lock()) {
                next = waiting.poll();
                close = closeRequested;
                if (next == null && state != State.ENDED) {
                    state = State.OPEN;
                }
            }
            if (next != null) {
                opened.write(next.last, next.buffer, next.callback);
            } else {
                if (close) {
                    opened.close();
                }
                return;
            }
        }
    }

    private void failed(IOException failure) {
        Runnable reader;
        List<Write> writes;
        try (AutoLock ignored = lock.lock()) {
            if (state == State.ENDED) {
                // Whatever ended it first is what everybody sees.
                return;
            }
            state = State.ENDED;
            reader = endReader(Content.Chunk.from(failure, true));
            refusal = failure;
            writes = new ArrayList<>(waiting);
            waiting.clear();
        }
        whenBegun.accept(this);
        writes.forEach(write -> write.callback.failed(failure));
        if (reader != null) {
            reader.run();
        }
        closed.complete(new StreamOutcome(0, 0, failure, 0));
    }

    private Runnable endReader(Content.Chunk last) {
        if (end == null) {
            end = last;
        }
        Runnable reader = demand;
        demand = null;
        return reader;
    }

    @Override
    public Content.Chunk read() {
        Content.Chunk last = end;
        WebSocketStream opened = stream;
        return last != null ? last : opened != null ? opened.read() : null;
    }

    @Override
    public void demand(Runnable demandCallback) {
        WebSocketStream opened;
        boolean ready;
        try (AutoLock ignored = lock.lock()) {
            opened = stream;
            ready = end != null;
            if (!ready && opened == null) {
                if (demand != null) {
                    throw new IllegalStateException("demand pending: one reader at a time");
                }
                demand = demandCallback;
            }
        }
        if (ready) {
            demandCallback.run();
        } else if (opened != null) {
            opened.demand(demandCallback);
        }
    }

    @Override
    public boolean canHalfClose() {
        WebSocketStream opened = stream;
        return opened != null && opened.canHalfClose();
    }

    @Override
    public void close() {
        Runnable reader = null;
        boolean never;
        boolean open;
        try (AutoLock ignored = lock.lock()) {
            never = state == State.NEW;
            open = state == State.OPEN;
            if (!open) {
                closeRequested = true;
                reader = endReader(Content.Chunk.EOF);
                if (refusal == null) {
                    refusal = new StreamEndedException("stream closed by this side");
                }
            }
            if (never) {
                state = State.ENDED;
            }
        }
        if (open) {
            stream.close();
        }
        if (reader != null) {
            reader.run();
        }
        if (never) {
            whenBegun.accept(this);
            closed.complete(new StreamOutcome(0, 0, null, 0));
        }
    }

    @Override
    public void abort(Throwable cause) {
        CompletableFuture<WebSocketStream> pending;
        WebSocketStream opened;
        boolean never;
        try (AutoLock ignored = lock.lock()) {
            opened = stream;
            pending = handshake;
            never = state == State.NEW;
        }
        IOException reason = StreamEndedException.aborted(cause);
        if (opened != null) {
            opened.abort(cause);
        } else if (never || pending == null || !pending.completeExceptionally(reason)) {
            failed(reason);
            // The handshake may have succeeded between the two.
            WebSocketStream late = stream;
            if (late != null) {
                late.abort(cause);
            }
        }
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public long bytesIn() {
        WebSocketStream opened = stream;
        return opened == null ? 0 : opened.bytesIn();
    }

    @Override
    public long bytesOut() {
        WebSocketStream opened = stream;
        return opened == null ? 0 : opened.bytesOut() + earlyBytes;
    }

    @Override
    public CompletableFuture<Duration> ping(Duration timeout) {
        WebSocketStream opened = stream;
        return opened == null
                ? CompletableFuture.failedFuture(new IOException("no ping before the upgrade, or after it failed"))
                : opened.ping(timeout);
    }

    @Override
    public long pingsReceived() {
        WebSocketStream opened = stream;
        return opened == null ? 0 : opened.pingsReceived();
    }

    @Override
    public int closeCode() {
        WebSocketStream opened = stream;
        return opened == null ? NO_CLOSE_FRAME : opened.closeCode();
    }

    @Override
    public SocketAddress localAddress() {
        WebSocketStream opened = stream;
        return opened == null ? null : opened.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        WebSocketStream opened = stream;
        return opened == null ? null : opened.remoteAddress();
    }
}
