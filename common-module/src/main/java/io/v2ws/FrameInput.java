package io.v2ws;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * The reading half of a {@link FrameConnection}: per demand, the data of one read from the network, or one frame of another
 * kind. Payload is unmasked in place and handed out as a slice of the network buffer; a connection on which nothing arrives holds none.
 *
 * <p>{@code demanded}, {@code reading} and {@code ended} are guarded by {@code lock}. Whoever has set {@code reading} is the
 * one that reads: the buffer and the parser are that thread's until it sets it back, and after the end nobody does.
 */
final class FrameInput {
    /** What becomes of the connection is not for the reader to decide. */
    interface Listener {
        /** The peer's Close frame. */
        void onClose(CloseBody body);

        /** The peer broke the protocol; nothing more is read. */
        void onViolation(WebSocketCloseException violation);

        /** Nothing more comes: the end of the TCP stream, or what broke it. */
        void onEnd(IOException cause);

        /** Somebody who was called with a frame threw; nothing more is read. */
        void onBroken(RuntimeException cause);

        /** Asks the end point to call {@link FrameInput#onFillable()} once something has arrived. */
        void fillInterested();
    }

    /** With less room than this, TLS would decrypt into a buffer of its own first. */
    private static final int MOST_OF_A_RECORD = 17 * 1024;

    private final EndPoint endPoint;
    private final boolean secure;
    private final ByteBufferPool pool;
    private final ReadBuffers buffers;
    private final Turns turns;
    private final FrameDelivery delivery;
    private final Listener listener;
    private final AutoLock lock = new AutoLock();
    private boolean demanded;
    private boolean reading;
    private boolean ended;
    private RetainableByteBuffer network;

    FrameInput(EndPoint endPoint, ByteBufferPool pool, Executor executor, boolean client, Listener listener) {
        this.endPoint = endPoint;
        this.secure = endPoint instanceof SslConnection.SslEndPoint;
        this.pool = pool;
        this.buffers = new ReadBuffers(pool);
        this.turns = new Turns(executor);
        this.listener = listener;
        this.delivery = new FrameDelivery(client, this::met, this::closed);
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

    /** Nothing is read any more; gives the buffer back, now or when the thread that reads comes by. */
    void end() {
        try (AutoLock ignored = lock.lock()) {
            ended = true;
            if (reading) {
                return;
            }
            reading = true;
        }
        release();
    }

    private void readLoop() {
        try {
            for (int spent = 0; wanted(); spent += Turns.STEP) {
                if (spent >= Turns.LENGTH) {
                    // This one goes on later, still the one that reads.
                    turns.next(this::readLoop);
                    return;
                }
                if (delivery.isPending() || (network != null && network.hasRemaining())) {
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
        } catch (IOException x) {
            endHere();
            listener.onEnd(x);
        } catch (RuntimeException x) {
            endHere();
            listener.onBroken(x);
        }
    }

    /** Ends the input from inside of the loop; {@code reading} stays set, so that nobody reads again. */
    private void endHere() {
        try (AutoLock ignored = lock.lock()) {
            ended = true;
        }
        release();
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
        boolean over;
        try (AutoLock ignored = lock.lock()) {
            over = ended;
            reading = over || demanded;
            if (!over) {
                return demanded;
            }
        }
        release();
        return false;
    }

    /** Reads from the network; false when there is nothing, or the end. */
    private boolean fill() throws IOException {
        // TLS may have more itself.
        int filled = !secure && buffers.wasLittle() ? 0 : read();
        if (filled > 0) {
            return true;
        }
        release();
        if (filled < 0) {
            throw new EOFException("the connection ended without a Close frame");
        }
        boolean over;
        try (AutoLock ignored = lock.lock()) {
            over = ended;
            reading = over;
        }
        if (!over) {
            listener.fillInterested();
        }
        return false;
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
        int filled = endPoint.fill(buffer);
        if (filled > 0) {
            fillUp(buffer);
            buffers.filled(buffer.remaining(), BufferUtil.space(buffer) <= MOST_OF_A_RECORD);
        }
        return filled;
    }

    /**
     * Reads on where one read brings no more than one TLS record: what is written from one buffer costs the same for four.
     * An end or a failure behind what was read is met again by the next read.
     */
    private void fillUp(ByteBuffer buffer) {
        try {
            while (secure && BufferUtil.space(buffer) > MOST_OF_A_RECORD && endPoint.fill(buffer) > 0) {
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
