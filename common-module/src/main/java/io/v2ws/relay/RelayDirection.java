package io.v2ws.relay;

import io.v2ws.ByteStream;
import io.v2ws.StreamEndedException;
import io.v2ws.internal.io.FairExecutor;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * One way of a {@code Relay}: reads a chunk, writes it, releases it, and so on. Jetty's {@link IteratingCallback}
 * serializes all of it, so the plain fields need no lock.
 */
final class RelayDirection extends IteratingCallback {
    /** What becomes of the relay is decided by the two ways together. */
    interface Listener {
        /** The last byte of a way is delivered, in order. */
        void ended(RelayDirection way);

        /** The source of a way has failed behind everything that it brought, which is delivered. */
        void sourceFailed(Throwable cause);

        /** The far end of a way takes nothing more, because it is broken. */
        void sinkFailed(RelayDirection way, Throwable cause);
    }

    private final Listener listener;
    private final ByteStream source;
    private final ByteStream sink;
    private final FairExecutor turns;
    private final Runnable onAvailable = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
    private final Callback onWritten = new Written();
    private Content.Chunk chunk;
    private int spent;
    private int length;
    private volatile boolean discarding;
    private volatile boolean writing;
    private volatile boolean ended;
    private volatile long bytes;
    private volatile long lastTraffic = System.nanoTime();

    RelayDirection(Listener listener, ByteStream source, ByteStream sink, FairExecutor turns) {
        this.listener = listener;
        this.turns = turns;
        this.source = source;
        this.sink = sink;
    }

    @Override
    protected Action process() {
        while (true) {
            if (spent >= FairExecutor.LENGTH) {
                // Counted through all demands: a source that answers them within this call, as Jetty's engine does,
                // would never come to the end of a turn otherwise.
                spent = 0;
                turns.next(onAvailable);
                return Action.IDLE;
            }
            chunk = source.read();
            if (chunk == null) {
                source.demand(onAvailable);
                return Action.IDLE;
            }
            if (Content.Chunk.isFailure(chunk)) {
                failed(chunk.getFailure());
                return Action.SCHEDULED;
            }
            lastTraffic = System.nanoTime();
            length = chunk.remaining();
            spent += FairExecutor.STEP + length;
            if (length > 0 && !discarding) {
                writing = true;
                sink.write(chunk, onWritten);
                return Action.SCHEDULED;
            }
            boolean last = chunk.isLast();
            release();
            if (last) {
                return Action.SUCCEEDED;
            }
        }
    }

    @Override
    protected void onSuccess() {
        lastTraffic = System.nanoTime();
        writing = false;
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        ended = true;
        listener.ended(this);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        ended = true;
        release();
        listener.sourceFailed(cause);
    }

    private void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** From now on what comes is dropped: the sink takes nothing more. */
    void discard() {
        discarding = true;
    }

    boolean hasEnded() {
        return ended;
    }

    ByteStream source() {
        return source;
    }

    ByteStream sink() {
        return sink;
    }

    long bytes() {
        return bytes;
    }

    /** How long nothing came and nothing was on its way to the sink. */
    long idleNanos() {
        return writing ? 0 : System.nanoTime() - lastTraffic;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** The callback of a write. */
    private final class Written implements Callback {
        @Override
        public void succeeded() {
            bytes += length;
            RelayDirection.this.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            discarding = true;
            if (!(cause instanceof StreamEndedException)) {
                // What the broken stream has brought still goes the other way.
                listener.sinkFailed(RelayDirection.this, cause);
            }
            // Else the far end closed in order while this was on its way to it: that is no failure of the relay.
            RelayDirection.this.succeeded();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
