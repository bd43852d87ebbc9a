package io.v2ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A Jetty end point below a tunnel. It ends without an exception, of which Jetty's own makes one per connection. Below the
 * direct engine a failed write leaves the input alone: Jetty's TLS layer closes a connection that cannot be written to, and
 * what the peer had sent before could not be read any more (F5).
 */
public class QuietEndPoint extends SocketChannelEndPoint {
    private volatile boolean keepsInput;
    /** Why nothing can be written any more, or null. */
    private volatile IOException writeFailure;

    /** Makes the end point of a connected channel. */
    public QuietEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /** Returns the end point below all layers, if it is one of these, else null. */
    static QuietEndPoint below(EndPoint endPoint) {
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        return lowest instanceof QuietEndPoint found ? found : null;
    }

    /** From now on what can no longer be written is taken and dropped; {@link #writeFailure} tells. */
    void keepInputWhenWritesFail() {
        keepsInput = true;
    }

    /** What broke the output while the input was kept, or null. */
    IOException writeFailure() {
        return writeFailure;
    }

    /**
     * As Jetty's, but leaves closing to the tunnel. Where both directions have ended Jetty's closes the connection from within
     * this call, while the TLS layer above still uses the buffer that the close gives back to the pool.
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
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (writeFailure == null) {
            try {
                return super.flush(buffers);
            } catch (IOException broken) {
                if (!keepsInput) {
                    throw broken;
                }
                writeFailure = broken;
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
