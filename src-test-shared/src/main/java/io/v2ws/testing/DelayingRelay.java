package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP relay on 127.0.0.1 that hands on every byte, and every half-close, a fixed time after it came: a long line on
 * one machine. The TCP handshake is not delayed, except for what {@link #withHandshake} does, and a reset is passed on
 * at once. At most 4 MiB are on their way in
 * each direction.
 */
public final class DelayingRelay implements AutoCloseable {

    private final InetSocketAddress target;
    private final Duration delay;
    private final boolean handshake;
    private final SocketServer server;
    private final List<StringBuffer> turns = new CopyOnWriteArrayList<>();

    /**
     * Starts the relay.
     *
     * @param target where connections go
     * @param delay the time one way; a round trip takes twice as long
     */
    public DelayingRelay(InetSocketAddress target, Duration delay) throws IOException {
        this(target, delay, false);
    }

    private DelayingRelay(InetSocketAddress target, Duration delay, boolean handshake) throws IOException {
        this.target = target;
        this.delay = delay;
        this.handshake = handshake;
        this.server = new SocketServer("delay", this::serve);
    }

    /**
     * Starts a relay that charges for the TCP handshake: what the near side sends during the first round trip of a
     * connection sets off at its end, as if the connection had come about only then. So a side that speaks first gets
     * its answer after as many round trips as on a real line, and a connection made in advance has paid already.
     *
     * @param target where connections go
     * @param delay the time one way; a round trip takes twice as long
     */
    public static DelayingRelay withHandshake(InetSocketAddress target, Duration delay) throws IOException {
        return new DelayingRelay(target, delay, true);
    }

    public int port() {
        return server.port();
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * Returns who spoke when, for each connection in the order in which they came: {@code >} for bytes towards the
     * target, {@code <} for bytes back, each once however many there were in a row. So {@code ><} is one round trip.
     */
    public List<String> turns() {
        return turns.stream().map(StringBuffer::toString).toList();
    }

    /** Cuts all connections with a TCP reset on both sides. */
    public void resetAll() {
        server.resetAll();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        server.close();
    }

    private void serve(Socket near) throws IOException {
        long accepted = System.nanoTime();
        Socket far = server.connect(target);
        try {
            // Without time limit: close() ends these reads.
            near.setSoTimeout(0);
            far.setSoTimeout(0);
            String name = Thread.currentThread().getName();
            StringBuffer said = new StringBuffer();
            turns.add(said);
            long earliest = handshake ? accepted + 2 * delay.toNanos() : accepted;
            DelayLine there = new DelayLine(near, far, delay, earliest, () -> turn(said, ">"));
            DelayLine back = new DelayLine(far, near, delay, accepted, () -> turn(said, "<"));
            Thread[] helpers = {
                server.start(name + "-there-write", there::write),
                server.start(name + "-back-read", back::read),
                server.start(name + "-back-write", back::write)
            };
            there.read();
            for (Thread helper : helpers) {
                SocketServer.join(helper, 0);
            }
        } finally {
            server.release(far);
        }
    }

    private static void turn(StringBuffer said, String direction) {
        synchronized (said) {
            if (!said.toString().endsWith(direction)) {
                said.append(direction);
            }
        }
    }
}
