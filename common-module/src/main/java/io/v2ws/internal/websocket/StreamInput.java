package io.v2ws.internal.websocket;

import io.v2ws.internal.io.UserCallbacks;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * The reading half of a {@link FramedStream}: one slot for a chunk, one for the reader's demand, one for the end.
 * Frames arrive one at a time and only when asked for, so one slot is enough.
 *
 * <p>All fields are guarded by {@code lock}; nothing is called with it held.
 */
final class StreamInput {
    private final AutoLock lock = new AutoLock();
    private final Runnable askEngine;
    private final Consumer<Throwable> onReaderFailed;
    private Content.Chunk chunk;
    private Runnable demand;
    private boolean asked;
    private boolean discarding;
    private Content.Chunk end;

    /**
     * Makes the input.
     *
     * @param first what is delivered before any frame (early data), or null
     * @param askEngine asks the engine for one more frame
     * @param onReaderFailed is told what the callback of a demand threw: its reader may never read again
     */
    StreamInput(Content.Chunk first, Runnable askEngine, Consumer<Throwable> onReaderFailed) {
        this.chunk = first;
        this.askEngine = askEngine;
        this.onReaderFailed = onReaderFailed;
    }

    /** {@link Content.Source#read()}. */
    Content.Chunk read() {
        try (AutoLock ignored = lock.lock()) {
            if (chunk != null) {
                Content.Chunk taken = chunk;
                chunk = null;
                return taken;
            }
            return end;
        }
    }

    /** {@link Content.Source#demand(Runnable)}. */
    void demand(Runnable onAvailable) {
        boolean ready;
        boolean ask;
        try (AutoLock ignored = lock.lock()) {
            if (demand != null) {
                throw new IllegalStateException("demand pending: one reader at a time");
            }
            ready = chunk != null || end != null;
            if (!ready) {
                demand = onAvailable;
            }
            ask = !ready && ask();
        }
        if (ready) {
            call(onAvailable);
        } else if (ask) {
            askEngine.run();
        }
    }

    /** Takes the payload of a frame from the engine. */
    void offer(Content.Chunk arrived) {
        boolean discard;
        Runnable reader = null;
        try (AutoLock ignored = lock.lock()) {
            discard = discarding || end != null;
            asked = discard;
            if (!discard) {
                chunk = arrived;
                reader = takeDemand();
            }
        }
        if (discard) {
            arrived.release();
            askEngine.run();
        } else if (reader != null) {
            call(reader);
        }
    }

    /**
     * The peer has ended its output, and the connection will bring nothing any more: the demand for a frame is over.
     */
    void finished() {
        try (AutoLock ignored = lock.lock()) {
            asked = false;
        }
        end(Content.Chunk.EOF);
    }

    /** A frame without data for the reader arrived: asks for the next. */
    void skip() {
        askEngine.run();
    }

    /**
     * Ends the input: what was read before is still delivered, then {@code last} for ever. The first end counts.
     *
     * @param last {@link Content.Chunk#EOF} or a terminal failure
     */
    void end(Content.Chunk last) {
        Runnable reader;
        try (AutoLock ignored = lock.lock()) {
            if (end == null) {
                end = last;
            }
            reader = takeDemand();
        }
        if (reader != null) {
            call(reader);
        }
    }

    /**
     * Drops what was not read yet and everything that comes, but goes on reading: pings must be answered and the peer's
     * Close be seen also when nobody wants the data.
     */
    void discard() {
        Content.Chunk dropped;
        boolean ask;
        try (AutoLock ignored = lock.lock()) {
            discarding = true;
            dropped = chunk;
            chunk = null;
            ask = ask();
        }
        if (dropped != null) {
            dropped.release();
        }
        if (ask) {
            askEngine.run();
        }
    }

    /** Whether a frame was asked for and has not come: only then does silence mean anything. */
    boolean isReading() {
        try (AutoLock ignored = lock.lock()) {
            return asked;
        }
    }

    private void call(Runnable reader) {
        Throwable broken = UserCallbacks.run(reader);
        if (broken != null) {
            onReaderFailed.accept(broken);
        }
    }

    private boolean ask() {
        boolean first = !asked;
        asked = true;
        return first;
    }

    private Runnable takeDemand() {
        Runnable taken = demand;
        demand = null;
        return taken;
    }
}
