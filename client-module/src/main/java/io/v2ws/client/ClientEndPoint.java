package io.v2ws.client;

import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;

/** An end point of the client. It remembers how the answer begins: where that is no HTTP, an error shows it. */
final class ClientEndPoint extends TunnelEndPoint {
    private static final int MOST = 32;
    private static final byte[] NONE = {};

    /** Null once nobody asks any more, so that open tunnels do not hold it. */
    private volatile byte[] begin = NONE;

    ClientEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /** Returns the first bytes that came, at most {@value #MOST}; null if none came, or a tunnel has opened. */
    byte[] begin() {
        byte[] known = begin;
        return known == NONE ? null : known;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (begin == NONE && filled > 0) {
            byte[] first = new byte[Math.min(filled, MOST)];
            buffer.get(buffer.limit() - filled, first);
            begin = first;
        }
        return filled;
    }

    @Override
    public void keepInputWhenWritesFail() {
        super.keepInputWhenWritesFail();
        begin = null;
    }
}
