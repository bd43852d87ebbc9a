package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.internal.io.FairExecutor;
import io.v2ws.internal.io.InputDrain;
import io.v2ws.internal.io.ReadBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * The reading half of a {@link FrameConnection}: per demand, the data of one read from the network, or one frame of
 * another kind. Payload is unmasked in place and handed out as a slice of the network buffer; a connection on which
 * nothing arrives holds none.
 *
 * <p>The fields from {@code demanded} to {@code afterEnd} are guarded by {@code lock}. The thread that has set {@code
 * reading} is the one that reads: the buffer and the parser belong to it until it sets {@code reading} back, and after
 * the end nobody does.
 */
final class FrameInput {
    /** Decides what becomes of the connection. */
    interface Listener {
        /** The peer's Close frame. */
        void onClose(CloseBody body);

        /** The peer broke the protocol; nothing more is read. */
        void onViolation(WebSocketCloseException violation);

        /**
         * The peer ended its output in order, behind a complete message and without a Close frame; nothing more is
         * read.
         */
        void onPeerFinished();

        /** The peer ended its output inside a message, or with TLS without a close_notify; nothing more is read. */
        void onTruncated(TruncatedException cause);

        /** The connection broke; nothing more is read. */
        void onEnd(IOException cause);

        /** Reading a frame, or what was called with it, threw; nothing more is read. */
        void onBroken(Throwable cause);

        /** Asks the end point to call {@link FrameInput#onFillable()} once something has arrived. */
        void fillInterested();
    }

    /** With less room than this, TLS would decrypt into a buffer of its own first. */
    private static final int MOST_OF_A_RECORD = 17 * 1024;

    private final NetworkInput input;
    private final ByteBufferPool pool;
    private final ReadBuffers buffers;
    private final FairExecutor turns;
    private final FrameDelivery delivery;
    private final Listener listener;
    private final AutoLock lock = new AutoLock();
    private boolean demanded;
    private boolean reading;
    private boolean ended;
    /** Why the connection is closed; what was read before is delivered first. */
    private IOException lost;
    /** Whether no thread reads, or will: the input has ended, and the thread that read has left. */
    private boolean readerGone;
    /** What runs once {@code readerGone} is true, or null. */
    private Runnable afterEnd;

    private RetainableByteBuffer network;

    FrameInput(EndPoint endPoint, ByteBufferPool pool, Executor executor, Role role, TextMode text, Listener listener) {
        this.input = new NetworkInput(endPoint);
        this.pool = pool;
        this.buffers = new ReadBuffers(pool);
        this.turns = new FairExecutor(executor);
        this.listener = listener;
        this.delivery = new FrameDelivery(role, text, this::met, this::closed);
    }

    /** Sets who gets the frames, before anything is read. */
    void setStream(FramedStream stream) {
        delivery.setStream(stream);
    }

    /** Takes what was read together with the handshake, before anything else is read. */
    void readAhead(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            network = pool.acquire(Math.max(ReadBuffers.USUAL, bytes.remaining()), true);
            BufferUtil.append(network.getByteBuffer(), bytes);
        }
    }

    /** {@link FrameEngine#demand()}. */
    void demand() {
        try (AutoLock ignored = lock.lock()) {
            demanded = true;
            if (reading || ended) {
                return;
            }
            reading = true;
        }
        readLoop();
    }

    /** The end point has something, or has ended; the demand is still there. */
    void onFillable() {
        try (AutoLock ignored = lock.lock()) {
            if (reading || ended) {
                return;
            }
            reading = true;
        }
        readLoop();
    }

    /**
     * The connection is closed. What was read before is delivered as it is demanded, then the listener hears of the
     * end.
     *
     * @return whether the listener will hear, or has heard just now; false if the input had ended before
     */
    boolean connectionLost(IOException cause) {
        try (AutoLock ignored = lock.lock()) {
            if (ended) {
                return false;
            }
            lost = cause;
            if (reading || hasUnread()) {
                return true;
            }
            ended = true;
            reading = true;
            readerGone = true;
        }
        release();
        listener.onEnd(cause);
        return true;
    }

    /**
     * Nothing is delivered any more. Runs {@code then} once no thread reads: now, or when the one that does has left.
     */
    void endThen(Runnable then) {
        boolean last;
        try (AutoLock ignored = lock.lock()) {
            last = !readerGone;
            ended = true;
            if (last && reading) {
                afterEnd = then;
                return;
            }
            reading = true;
            readerGone = true;
        }
        if (last) {
            release();
        }
        then.run();
    }

    /** Reads and drops what comes without looking at it, see {@link InputDrain.Reader}; only after the end. */
    int discard(ByteBuffer buffer) throws IOException {
        BufferUtil.clear(buffer);
        return input.fill(buffer);
    }

    private boolean hasUnread() {
        return delivery.isPending() || (network != null && network.hasRemaining());
    }

    private void readLoop() {
        try {
            for (int spent = 0; wanted(); spent += FairExecutor.STEP) {
                if (spent >= FairExecutor.LENGTH) {
                    // This one goes on later, still the one that reads.
                    turns.next(this::readLoop);
                    return;
                }
                if (hasUnread()) {
                    delivery.next(network);
                } else {
                    if (!fill()) {
                        return;
                    }
                    spent += network.remaining();
                }
            }
        } catch (WebSocketCloseException violation) {
            endHere();
            listener.onViolation(violation);
        } catch (TruncatedException truncated) {
            endHere();
            listener.onTruncated(truncated);
        } catch (IOException x) {
            endHere();
            listener.onEnd(x);
        } catch (RuntimeException | Error x) {
            // Also where memory for a buffer runs out: no thread would read or end this connection any more.
            endHere();
            listener.onBroken(x);
        }
    }

    /** Ends the input from inside of the loop; {@code reading} stays set, so that nobody reads again. */
    private void endHere() {
        release();
        Runnable then;
        try (AutoLock ignored = lock.lock()) {
            ended = true;
            readerGone = true;
            then = afterEnd;
            afterEnd = null;
        }
        if (then != null) {
            then.run();
        }
    }

    /** Whether to go on; if not, the buffer is given back where it is of no more use, and somebody else may read. */
    private boolean wanted() {
        try (AutoLock ignored = lock.lock()) {
            if (demanded && !ended) {
                return true;
            }
        }
        if (network != null && !network.hasRemaining()) {
            // What is read next goes into a fresh buffer; slices in use hold this one.
            release();
        }
        IOException end;
        try (AutoLock ignored = lock.lock()) {
            if (!ended && (lost == null || demanded || hasUnread())) {
                reading = demanded;
                return demanded;
            }
            end = ended ? null : lost;
            ended = true;
        }
        endHere();
        if (end != null) {
            listener.onEnd(end);
        }
        return false;
    }

    /** Reads from the network; false when there is nothing, or the end. */
    private boolean fill() throws IOException {
        // TLS may have more itself.
        int filled = !input.isSecure() && buffers.wasLittle() ? 0 : read();
        if (filled > 0) {
            return true;
        }
        release();
        if (filled < 0) {
            finished();
            return false;
        }
        IOException end;
        boolean wait;
        try (AutoLock ignored = lock.lock()) {
            end = ended ? null : lost;
            ended |= end != null;
            wait = !ended;
            reading = ended;
        }
        if (end != null) {
            throw end;
        }
        if (wait) {
            listener.fillInterested();
        } else {
            endHere();
        }
        return false;
    }

    /** The peer ends its output without a Close frame. */
    private void finished() throws IOException {
        if (!delivery.isBetweenMessages()) {
            throw new TruncatedException("the connection ended inside a message");
        }
        endHere();
        listener.onPeerFinished();
    }

    private int read() throws IOException {
        if (network != null && network.isRetained()) {
            // A slice of it is still in use.
            release();
        }
        if (network == null) {
            network = buffers.acquire();
        }
        ByteBuffer buffer = network.getByteBuffer();
        BufferUtil.clear(buffer);
        int filled = input.fill(buffer);
        if (filled > 0) {
            fillUp(buffer);
            buffers.filled(buffer.remaining(), BufferUtil.space(buffer) <= MOST_OF_A_RECORD);
        }
        return filled;
    }

    /**
     * Reads on where one read brings no more than one TLS record: what is written from one buffer costs the same for
     * four. An end or a failure behind what was read is met again by the next read.
     */
    private void fillUp(ByteBuffer buffer) {
        try {
            while (input.isSecure() && BufferUtil.space(buffer) > MOST_OF_A_RECORD && input.fill(buffer) > 0) {
                // Into the same buffer.
            }
        } catch (IOException metAgain) {
            // What came before it is delivered first.
        }
    }

    /** Nothing the peer may send follows its Close. */
    private void closed(CloseBody body) {
        endHere();
        listener.onClose(body);
    }

    /** The demand is met: whoever is called now asks for the next. */
    private void met() {
        try (AutoLock ignored = lock.lock()) {
            demanded = false;
        }
    }

    private void release() {
        if (network != null) {
            network.release();
            network = null;
        }
    }
}
