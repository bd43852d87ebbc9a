package io.v2ws.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A Jetty end point below a tunnel. It ends without an exception, of which Jetty's own makes one per connection. Below
 * the direct engine a failed write leaves the input alone: Jetty's TLS layer closes a connection that cannot be written
 * to, and what the peer had sent before could not be read any more (F5).
 */
public class TunnelEndPoint extends SocketChannelEndPoint implements FlushedBytes {
    /** A longer answer goes out by itself: a new connection always takes as much as this at once. */
    private static final int LONGEST_ANSWER = 2048;

    private static final String SWITCHING = "HTTP/1.1 101 ";

    private volatile boolean keepsInput;
    /**
     * Why nothing can be written any more, or null. Guarded by this object's monitor, which costs an idle tunnel no
     * memory.
     */
    private IOException writeFailure;

    /** How many bytes the kernel has taken. */
    private volatile long bytesFlushed;

    /** Whether the next write is an answer that waits. Guarded by this object's monitor, like the answer. */
    private boolean answerExpected;

    /** What is left of the answer to an upgrade that waits for the frame behind it, or null. */
    private ByteBuffer answer;

    /** Makes the end point of a connected channel. */
    public TunnelEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /** Returns the end point below all layers, if it is one of these, else null. */
    public static TunnelEndPoint of(EndPoint endPoint) {
        return TcpReset.lowest(endPoint) instanceof TunnelEndPoint found ? found : null;
    }

    /**
     * Offers the kernel once more what waits to be written on a connection, if anything does. The kernel reports a
     * connection as writable when a third of the send buffer is free, which a peer that reads slowly may not reach for
     * minutes; but it takes a write as soon as the peer has acknowledged anything.
     */
    public static void writeAgain(EndPoint endPoint) {
        if (TcpReset.lowest(endPoint) instanceof AbstractEndPoint found) {
            found.getWriteFlusher().completeWrite();
        }
    }

    /** Whether this is the connection of a {@link HostedChannel}, and none of the host's own. */
    public boolean isHosted() {
        return false;
    }

    /** From now on what can no longer be written is taken and dropped; {@link #writeFailure} tells. */
    public void keepInputWhenWritesFail() {
        keepsInput = true;
    }

    /**
     * Returns what broke the output, or null. The kernel tells of a reset once, to a write or to a read, and a read
     * behind that write sees an end in order. So this waits for a write that another thread is in.
     */
    public synchronized IOException writeFailure() {
        return writeFailure;
    }

    @Override
    public long bytesFlushed() {
        return bytesFlushed;
    }

    /**
     * As Jetty's, but leaves closing to the tunnel. Where both directions have ended Jetty's closes the connection from
     * within this call, while the TLS layer above still uses the buffer that the close gives back to the pool.
     */
    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (!keepsInput) {
            return super.fill(buffer);
        }
        int position = BufferUtil.flipToFill(buffer);
        try {
            return getChannel().read(buffer);
        } catch (IOException broken) {
            return -1;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    /**
     * Has the 101 that is written next wait for the frame behind it: as one packet they wake the peer once, and 6 %
     * more tunnels open per second. Only where that frame follows at once; any other answer goes out by itself.
     */
    public synchronized void holdAnswer() {
        answerExpected = true;
    }

    /** Writes the answer if no frame has followed it. */
    public synchronized void releaseAnswer() throws IOException {
        if (answer != null) {
            flush(BufferUtil.EMPTY_BUFFER);
        }
    }

    @Override
    public synchronized boolean flush(ByteBuffer... buffers) throws IOException {
        if (answerExpected) {
            answerExpected = false;
            answer = takeAnswer(buffers);
            if (answer != null) {
                return true;
            }
        }
        if (answer == null) {
            return flushNow(buffers);
        }
        ByteBuffer[] both = new ByteBuffer[buffers.length + 1];
        both[0] = answer;
        System.arraycopy(buffers, 0, both, 1, buffers.length);
        boolean all = flushNow(both);
        answer = answer.hasRemaining() ? answer : null;
        return all;
    }

    private static boolean startsWith101(ByteBuffer head) {
        return head.remaining() > SWITCHING.length()
                && BufferUtil.toString(head, head.position(), SWITCHING.length(), StandardCharsets.US_ASCII)
                        .equals(SWITCHING);
    }

    private static ByteBuffer takeAnswer(ByteBuffer... buffers) {
        int length = (int) Math.min(BufferUtil.remaining(buffers), LONGEST_ANSWER + 1);
        if (length > LONGEST_ANSWER || !startsWith101(buffers[0])) {
            return null;
        }
        ByteBuffer taken = ByteBuffer.allocate(length);
        for (ByteBuffer buffer : buffers) {
            taken.put(buffer);
        }
        return taken.flip();
    }

    private boolean flushNow(ByteBuffer... buffers) throws IOException {
        if (writeFailure == null || !keepsInput) {
            long before = BufferUtil.remaining(buffers);
            try {
                return super.flush(buffers);
            } catch (IOException broken) {
                writeFailure = broken;
                if (!keepsInput) {
                    throw broken;
                }
            } finally {
                bytesFlushed += before - BufferUtil.remaining(buffers);
            }
        }
        for (ByteBuffer buffer : buffers) {
            BufferUtil.clear(buffer);
        }
        return true;
    }

    @Override
    public void updateKey() {
        // Jetty would find out by an exception that there is no key any more.
        if (isOpen()) {
            super.updateKey();
        }
    }
}
