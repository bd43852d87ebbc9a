package io.v2ws.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Keeps the answer to an upgrade until the tunnel has its first frame to send, which is at once: both then go out in one
 * packet, and wake the client once.
 *
 * <p>Not in the way of anything else: until it is told to expect an answer, and from the first frame on, it costs one look at
 * a field. Safe for any thread.
 */
final class HeldAnswer {
    /** A longer answer goes out by itself: a new connection always takes as much as this at once. */
    private static final int LONGEST = 2048;

    /** What writes to the socket. */
    @FunctionalInterface
    interface Socket {
        /** Writes what the socket takes; whether that was all. */
        boolean flush(ByteBuffer... buffers) throws IOException;
    }

    private final Socket socket;
    /** Whether an answer is expected or held. Guarded by this, and read without. */
    private volatile boolean active;

    /** What is left of the answer, or null. Guarded by this. */
    private ByteBuffer held;

    HeldAnswer(Socket socket) {
        this.socket = socket;
    }

    /**
     * The next write is an answer.
     *
     * @param upgrade whether to an upgrade, with a frame behind it; any other goes out at once
     */
    synchronized void expect(boolean upgrade) {
        active = upgrade || held != null;
    }

    /** Takes the answer in, or writes it together with what follows it; {@link org.eclipse.jetty.io.EndPoint#flush}. */
    boolean flush(ByteBuffer... buffers) throws IOException {
        return active ? activeFlush(buffers) : socket.flush(buffers);
    }

    private synchronized boolean activeFlush(ByteBuffer... buffers) throws IOException {
        if (held != null) {
            ByteBuffer[] both = new ByteBuffer[buffers.length + 1];
            both[0] = held;
            System.arraycopy(buffers, 0, both, 1, buffers.length);
            boolean all = socket.flush(both);
            if (!held.hasRemaining()) {
                end();
            }
            return all;
        }
        long length = BufferUtil.remaining(buffers);
        if (!active || length > LONGEST) {
            active = false;
            return socket.flush(buffers);
        }
        held = ByteBuffer.allocate((int) length);
        for (ByteBuffer buffer : buffers) {
            held.put(buffer);
        }
        held.flip();
        return true;
    }

    /**
     * Writes the answer if nothing has followed it. One that was begun belongs to whoever writes what follows it.
     *
     * @throws IOException if the connection is broken
     */
    synchronized void release() throws IOException {
        if (held != null && held.position() > 0) {
            return;
        }
        if (held != null && !socket.flush(held)) {
            throw new IOException("the client takes no answer");
        }
        end();
    }

    private void end() {
        held = null;
        active = false;
    }
}
