package io.v2ws.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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
public class TunnelEndPoint extends SocketChannelEndPoint {
    private volatile boolean keepsInput;
    /**
     * Why nothing can be written any more, or null. Guarded by this object's monitor, which costs an idle tunnel no
     * memory.
     */
    private IOException writeFailure;

    /** How many bytes the kernel has taken. */
    private volatile long bytesFlushed;

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

    /** How many bytes the kernel has taken so far; those of TLS are counted encrypted. */
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

    @Override
    public synchronized boolean flush(ByteBuffer... buffers) throws IOException {
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
