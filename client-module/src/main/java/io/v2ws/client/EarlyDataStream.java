package io.v2ws.client;

import io.v2ws.EarlyData;
import io.v2ws.StreamEndedException;
import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketStream;
import io.v2ws.internal.io.UserCallbacks;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
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
 * A stream whose upgrade goes out with the first write (rules C2 to C7): the request carries as many bytes as it may,
 * the first frame the rest. Writes and the reader's demand wait for the upgrade, and then go to the opened stream.
 *
 * <p>The fields are guarded by {@code lock}. No callback runs with the lock held.
 */
final class EarlyDataStream extends DelegatingStream {
    private enum State {
        NEW,
        CONNECTING,
        OPEN,
        ENDED
    }

    private record Write(boolean last, ByteBuffer buffer, Callback callback) {}

    private final AutoLock lock = new AutoLock();
    private final Function<String, CompletableFuture<WebSocketStream>> upgrade;
    private final int maxEarlyData;
    private final ServerFirstWait serverFirstWait;
    private final Consumer<EarlyDataStream> whenBegun;
    private final Scheduler scheduler;
    private final Duration closeWriteTimeout;
    private final Queue<Write> waiting = new ArrayDeque<>(1);
    private State state = State.NEW;
    private Runnable demand;
    private IOException refusal;
    private boolean closeRequested;
    private CompletableFuture<WebSocketStream> handshake;
    private Scheduler.Task firstWriteTimer;
    /** Whether one side has sent bytes; written under the lock, read by any thread. */
    private volatile boolean spoken;

    /**
     * Makes a stream that is not connected yet.
     *
     * @param upgrade sends an upgrade request with early data
     * @param serverFirstWait is told which side spoke first
     * @param whenBegun called when the upgrade starts, and when the stream ends without one
     * @param closeWriteTimeout how long a closed stream waits for the upgrade
     */
    EarlyDataStream(
            Function<String, CompletableFuture<WebSocketStream>> upgrade,
            int maxEarlyData,
            ServerFirstWait serverFirstWait,
            Consumer<EarlyDataStream> whenBegun,
            Scheduler scheduler,
            Duration closeWriteTimeout) {
        this.upgrade = upgrade;
        this.maxEarlyData = maxEarlyData;
        this.serverFirstWait = serverFirstWait;
        this.whenBegun = whenBegun;
        this.scheduler = scheduler;
        this.closeWriteTimeout = closeWriteTimeout;
    }

    /**
     * Upgrades without early data when nothing was written for a while, as the server may be the one to speak first; at
     * once where it is known to be.
     */
    void start() {
        if (serverFirstWait.upgradesAtOnce()) {
            startWithoutData();
            return;
        }
        if (serverFirstWait.time().isZero()) {
            return;
        }
        Scheduler.Task timer = scheduler.schedule(
                this::startWithoutData, serverFirstWait.time().toMillis(), TimeUnit.MILLISECONDS);
        try (AutoLock ignored = lock.lock()) {
            firstWriteTimer = timer;
        }
    }

    private void startWithoutData() {
        if (begin(null)) {
            connect("", 0);
        }
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        ByteBuffer buffer = byteBuffer == null ? ByteBuffer.allocate(0) : byteBuffer;
        learn(false, buffer.hasRemaining());
        Write write = new Write(last, buffer, callback);
        if (begin(write)) {
            int before = buffer.remaining();
            String earlyData = EarlyData.split(buffer, maxEarlyData);
            connect(earlyData, before - buffer.remaining());
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
            stream().write(last, buffer, callback);
        }
    }

    @Override
    public void write(Content.Chunk chunk, Callback callback) {
        if (isOpen()) {
            learn(false, chunk.hasRemaining());
            stream().write(chunk, callback);
        } else {
            write(false, chunk.getByteBuffer(), callback);
        }
    }

    @Override
    public Content.Chunk read() {
        Content.Chunk chunk = super.read();
        learn(true, chunk != null && chunk.hasRemaining());
        return chunk;
    }

    private void learn(boolean serverSpeaks, boolean bytes) {
        if (spoken || !bytes) {
            return;
        }
        try (AutoLock ignored = lock.lock()) {
            if (spoken) {
                return;
            }
            spoken = true;
        }
        serverFirstWait.learn(serverSpeaks);
    }

    private boolean isOpen() {
        try (AutoLock ignored = lock.lock()) {
            return state == State.OPEN;
        }
    }

    /** Goes from new to connecting, once; then {@code first} is the first write that waits. */
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

    private void connect(String earlyData, int count) {
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
                opened(opened, count);
            } else {
                failed(failure instanceof IOException io ? io : new IOException(failure.toString(), failure));
            }
        });
    }

    private void opened(WebSocketStream opened, int count) {
        Runnable reader;
        IOException ended;
        try (AutoLock ignored = lock.lock()) {
            ended = state == State.ENDED ? refusal : null;
            reader = demand;
            if (ended == null) {
                demand = null;
                setStream(opened, count);
            }
        }
        if (ended != null) {
            opened.abort(ended);
            return;
        }
        closeAfter(opened);
        flush(opened);
        if (reader != null) {
            opened.demand(reader);
        }
    }

    /** Passes the waiting writes on, in order; a write that comes meanwhile waits behind them. */
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

    /** Ends the stream, unless it has ended for another reason already. */
    private void failed(IOException failure) {
        Runnable reader;
        List<Write> writes;
        try (AutoLock ignored = lock.lock()) {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            reader = endReader(Content.Chunk.from(failure, true));
            refusal = failure;
            writes = List.copyOf(waiting);
            waiting.clear();
        }
        whenBegun.accept(this);
        writes.forEach(write -> UserCallbacks.fail(write.callback, failure));
        if (reader != null) {
            UserCallbacks.run(reader);
        }
        closed().complete(new StreamOutcome(0, 0, failure, 0));
    }

    private Runnable endReader(Content.Chunk last) {
        endInput(last);
        Runnable reader = demand;
        demand = null;
        return reader;
    }

    @Override
    public void demand(Runnable demandCallback) {
        try (AutoLock ignored = lock.lock()) {
            if (!isInputEnded() && !isOpened()) {
                if (demand != null) {
                    throw new IllegalStateException("demand pending: one reader at a time");
                }
                demand = demandCallback;
                return;
            }
        }
        if (isInputEnded()) {
            demandCallback.run();
        } else {
            stream().demand(demandCallback);
        }
    }

    @Override
    public void close() {
        Runnable reader = null;
        boolean never;
        boolean open;
        boolean first = false;
        try (AutoLock ignored = lock.lock()) {
            never = state == State.NEW;
            open = state == State.OPEN;
            if (!open) {
                first = state == State.CONNECTING && !closeRequested;
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
            stream().close();
        }
        if (reader != null) {
            UserCallbacks.run(reader);
        }
        if (first) {
            giveUpLater();
        }
        if (never) {
            whenBegun.accept(this);
            closed().complete(new StreamOutcome(0, 0, null, 0));
        }
    }

    /** Bounds the wait of a closed stream for its upgrade. The opened stream bounds what follows. */
    private void giveUpLater() {
        long millis = closeWriteTimeout.toMillis();
        Runnable giveUp = () -> {
            if (!isOpened()) {
                abort(new SocketTimeoutException("the upgrade was not complete " + millis + " ms after the close"));
            }
        };
        Scheduler.Task timer = scheduler.schedule(giveUp, millis, TimeUnit.MILLISECONDS);
        closed().thenRun(timer::cancel);
    }

    @Override
    public void abort(Throwable cause) {
        boolean opened = isOpened();
        CompletableFuture<WebSocketStream> pending;
        try (AutoLock ignored = lock.lock()) {
            pending = handshake;
        }
        IOException reason = StreamEndedException.aborted(cause);
        if (!opened && (pending == null || !pending.completeExceptionally(reason))) {
            failed(reason);
        }
        stream().abort(cause);
    }
}
