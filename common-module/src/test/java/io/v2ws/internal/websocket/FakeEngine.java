package io.v2ws.internal.websocket;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** An engine whose network is the test: it takes what is sent when {@link #letGo} says so. */
final class FakeEngine implements FrameEngine {
    private final Queue<Callback> waiting = new ArrayDeque<>();
    private final List<ByteBuffer> pings = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile IntToLongFunction flushed = look -> 0;
    private volatile boolean insideFrame;

    /** Says how many bytes the network has taken at the n-th look. */
    void flushed(IntToLongFunction atLook) {
        flushed = atLook;
    }

    void insideFrame(boolean inside) {
        insideFrame = inside;
    }

    /** How often somebody has looked how many bytes were taken. */
    int looks() {
        return looks.get();
    }

    synchronized ByteBuffer lastPing() {
        return pings.get(pings.size() - 1);
    }

    synchronized int pingCount() {
        return pings.size();
    }

    /** What was sent and done, in words. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Lets everything go out that waits. */
    void letGo() {
        while (true) {
            Callback next;
            synchronized (this) {
                next = waiting.poll();
            }
            if (next == null) {
                return;
            }
            next.succeeded();
        }
    }

    private synchronized void sent(String event, Callback callback) {
        events.add(event);
        waiting.add(callback);
    }

    @Override
    public void demand() {
        // Nothing comes.
    }

    @Override
    public void sendBinary(ByteBuffer payload, boolean headroom, Callback callback) {
        sent("binary " + payload.remaining(), callback);
    }

    @Override
    public void sendEmptyText(Callback callback) {
        sent("text", callback);
    }

    @Override
    public synchronized void sendPing(ByteBuffer payload, Callback callback) {
        pings.add(BufferUtil.copy(payload));
        waiting.add(callback);
    }

    @Override
    public void sendPong(ByteBuffer payload, Callback callback) {
        sent("pong", callback);
    }

    @Override
    public void sendClose(int code, Callback callback) {
        sent("close " + code, callback);
    }

    @Override
    public synchronized void finish() {
        events.add("finish");
    }

    @Override
    public synchronized void reset() {
        events.add("reset");
    }

    @Override
    public boolean isInsideFrame() {
        return insideFrame;
    }

    @Override
    public long bytesFlushed() {
        return flushed.applyAsLong(looks.incrementAndGet());
    }

    @Override
    public SocketAddress localAddress() {
        return null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }
}
