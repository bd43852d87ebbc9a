package io.v2ws.tcp;

import io.v2ws.internal.io.TcpReset;
import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A Jetty end point that tells a reset from the end of the stream, which Jetty's own does not (it reports both as -1),
 * and that leaves closing to its stream, where Jetty's own closes once both directions have ended. A close that the
 * stream did not order, such as that of a selector that stops, is a reset: the far side must not take what it has got
 * for the whole.
 */
final class TcpEndPoint extends TunnelEndPoint {
    private volatile boolean inOrder;

    TcpEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /**
     * Reads what has arrived.
     *
     * @param buffer in fill mode, its position is advanced
     * @return how much, 0 for nothing yet, -1 for the end of the stream
     * @throws IOException if the connection was reset or otherwise broken
     */
    int read(ByteBuffer buffer) throws IOException {
        return getChannel().read(buffer);
    }

    /**
     * The end of the process resets the connection, also where it is killed: the kernel would send a FIN, and the far
     * side would take what it has got for the whole.
     */
    void resetsWhenTheProcessEnds() {
        TcpReset.resetOnClose(getChannel());
    }

    /** From now on a close is the orderly end of the connection, and lets the kernel deliver what it has. */
    void endsInOrder() {
        inOrder = true;
        TcpReset.deliverOnClose(getChannel());
    }

    @Override
    public boolean isHosted() {
        return true;
    }

    @Override
    public void doClose() {
        if (!inOrder) {
            TcpReset.resetOnClose(getChannel());
        }
        super.doClose();
    }
}
