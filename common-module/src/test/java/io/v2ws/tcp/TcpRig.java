package io.v2ws.tcp;

import io.v2ws.ByteStream;
import io.v2ws.HostAndPort;
import io.v2ws.StreamOutcome;
import io.v2ws.internal.io.ReadBuffers;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** A connector whose buffers are counted, and pairs of a {@link TcpStream} and the plain socket at its far end. */
public final class TcpRig implements AutoCloseable {
    /** A stream and the socket at its other end. */
    public record Pair(TcpStream stream, Socket socket) {}

    public final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    /** How long each timer was set for. */
    final Queue<Duration> timers = new ConcurrentLinkedQueue<>();

    /** The addresses of names; the system knows the others. */
    final Map<String, InetAddress[]> names = new ConcurrentHashMap<>();

    public final TcpConnector connector = new TcpConnector(
            new QueuedThreadPool(),
            new NotingScheduler(),
            pool,
            TcpKeepAlive.DEFAULT,
            AddressOrder.SYSTEM,
            new AddressResolver(this::addressesOf));
    private final List<Pair> pairs = new ArrayList<>();

    public TcpRig() throws Exception {
        connector.start();
    }

    private InetAddress[] addressesOf(String name) throws UnknownHostException {
        InetAddress[] known = names.get(name.toLowerCase(Locale.ROOT));
        return known == null ? InetAddress.getAllByName(name) : known;
    }

    /** Returns 127.0.0.N. */
    static InetAddress local(int n) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) n});
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never);
        }
    }

    public static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    public Pair pair() throws Exception {
        return pair(0);
    }

    /** Opens a connection whose plain socket has a receive buffer of this size; 0 for the system's default. */
    public Pair pair(int receiveBuffer) throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            if (receiveBuffer > 0) {
                listener.setReceiveBufferSize(receiveBuffer);
            }
            listener.bind(loopback(0));
            listener.setSoTimeout(10_000);
            CompletableFuture<TcpStream> connected =
                    connector.connect(new HostAndPort("127.0.0.1", listener.getLocalPort()), Duration.ofSeconds(10));
            Socket socket = listener.accept();
            socket.setSoTimeout(10_000);
            Pair pair = new Pair(connected.get(10, TimeUnit.SECONDS), socket);
            pairs.add(pair);
            return pair;
        }
    }

    private final class NotingScheduler extends ScheduledExecutorScheduler {
        NotingScheduler() {
            super("test-scheduler", true);
        }

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit unit) {
            timers.add(Duration.of(delay, unit.toChronoUnit()));
            return super.schedule(task, delay, unit);
        }
    }

    static CompletableFuture<Void> write(Content.Sink sink, boolean last, byte... bytes) {
        Callback.Completable written = new Callback.Completable();
        sink.write(last, ByteBuffer.wrap(bytes), written);
        return written;
    }

    static StreamOutcome outcome(ByteStream stream) throws Exception {
        return stream.closed().get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        for (Pair pair : pairs) {
            pair.socket.close();
            pair.stream.abort(new IOException("the test has ended"));
        }
        LeakCheck.assertNoLeakedBuffers(pool);
        Awaitility.await("all large buffers to be given back").until(() -> ReadBuffers.largeOnesHeld() == 0);
        connector.stop();
    }
}
