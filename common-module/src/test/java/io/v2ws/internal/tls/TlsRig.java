package io.v2ws.internal.tls;

import io.v2ws.tcp.TcpRig;
import io.v2ws.testing.Background;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.Provider;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.conscrypt.Conscrypt;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A {@link TlsConnection} over TCP, whose system calls are counted, and the JDK's socket at its far end. */
final class TlsRig implements AutoCloseable {
    final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger largestWrite = new AtomicInteger();
    /** What the network took, one entry for each write that it took something of. */
    final List<byte[]> writes = new CopyOnWriteArrayList<>();

    final Socket raw;
    final SSLSocket peer;
    final EndPoint plain;
    private final ClientConnector connector;

    /** Makes a client; one byte has gone to its peer. */
    TlsRig(boolean conscrypt, String protocol) throws Exception {
        this(
                engine(conscrypt, protocol),
                TestCertificates.get().contextOf(TestCertificates.get().server()));
        CompletableFuture<Void> written = write(new byte[] {1});
        peer.startHandshake();
        peer.getInputStream().read();
        written.get(10, TimeUnit.SECONDS);
    }

    /** Connects; the handshake begins with the first write or read. */
    private TlsRig(SSLEngine engine, SSLContext contextOfPeer) throws Exception {
        connector = new ClientConnector() {
            @Override
            protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
                return new CountingEndPoint((SocketChannel) channel, selector, key);
            }
        };
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("tls-test");
        connector.setExecutor(threads);
        connector.addBean(threads);
        connector.start();
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(TcpRig.loopback(0));
            listener.setSoTimeout(10_000);
            CompletableFuture<EndPoint> opened = open(engine, TcpRig.loopback(listener.getLocalPort()));
            raw = listener.accept();
            raw.setSoTimeout(10_000);
            peer = (SSLSocket) contextOfPeer.getSocketFactory().createSocket(raw, null, raw.getPort(), true);
            peer.setUseClientMode(!engine.getUseClientMode());
            plain = opened.get(10, TimeUnit.SECONDS);
        }
    }

    /**
     * Makes a server of TLS 1.3 on the JDK's engine. It has read one byte from its peer, and written nothing. A session
     * ticket is due: the JDK sends one when something was noted in the session, as Jetty's
     * {@code SecureRequestCustomizer} does for each connection.
     */
    static TlsRig server() throws Exception {
        SSLEngine engine = TestCertificates.get()
                .contextOf(TestCertificates.get().server())
                .createSSLEngine();
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        engine.setUseClientMode(false);
        TlsRig rig = new TlsRig(engine, TestCertificates.get().trustingContext());
        CompletableFuture<Void> asking =
                Background.run(() -> rig.peer.getOutputStream().write(1));
        rig.read(1);
        asking.get(10, TimeUnit.SECONDS);
        engine.getSession().putValue("noted", "by the test");
        return rig;
    }

    private static SSLEngine engine(boolean conscrypt, String protocol) throws Exception {
        Provider provider =
                conscrypt ? Conscrypt.newProvider() : SSLContext.getDefault().getProvider();
        SSLContext context = SSLContext.getInstance("TLS", provider);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(PemFiles.trustStore(TestCertificates.get().server().certificatePem()));
        context.init(null, trust.getTrustManagers(), null);
        SSLEngine engine = context.createSSLEngine("localhost", 1);
        engine.setEnabledProtocols(new String[] {protocol});
        engine.setUseClientMode(true);
        return engine;
    }

    private CompletableFuture<EndPoint> open(SSLEngine engine, InetSocketAddress address) {
        CompletableFuture<EndPoint> opened = new CompletableFuture<>();
        ClientConnectionFactory factory = (endPoint, context) -> {
            TlsConnection tls = new TlsConnection(pool, pool, connector.getExecutor(), null, endPoint, engine);
            EndPoint decrypted = tls.getSslEndPoint();
            decrypted.setConnection(new AbstractConnection(decrypted, connector.getExecutor()) {
                @Override
                public void onOpen() {
                    super.onOpen();
                    opened.complete(decrypted);
                }

                @Override
                public void onFillable() {
                    throw new AssertionError("only the test reads");
                }
            });
            return tls;
        };
        Map<String, Object> context = new HashMap<>();
        context.put(Transport.class.getName(), Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, factory);
        context.put(
                ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
                Promise.from(connection -> {}, opened::completeExceptionally));
        connector.connect(address, context);
        return opened;
    }

    CompletableFuture<Void> write(byte[] bytes) {
        Callback.Completable written = new Callback.Completable();
        plain.write(written, ByteBuffer.wrap(bytes));
        return written;
    }

    /** Reads until so many bytes or the end have come, and returns what came. */
    byte[] read(int length) throws Exception {
        ByteBuffer read = ByteBuffer.allocate(length);
        ByteBuffer buffer = BufferUtil.allocateDirect(64 * 1024);
        while (read.hasRemaining()) {
            BufferUtil.clear(buffer);
            int filled = plain.fill(buffer);
            if (filled < 0) {
                break;
            }
            read.put(buffer);
            if (filled == 0) {
                Callback.Completable fillable = new Callback.Completable();
                plain.fillInterested(fillable);
                fillable.get(10, TimeUnit.SECONDS);
            }
        }
        byte[] bytes = new byte[read.position()];
        read.flip().get(bytes);
        return bytes;
    }

    @Override
    public void close() throws Exception {
        plain.close();
        raw.close();
        connector.stop();
        LeakCheck.assertNoLeakedBuffers(pool);
    }

    private final class CountingEndPoint extends SocketChannelEndPoint {
        CountingEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            super(channel, selector, key, connector.getScheduler());
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            reads.incrementAndGet();
            return super.fill(buffer);
        }

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            largestWrite.accumulateAndGet((int) BufferUtil.remaining(buffers), Math::max);
            byte[] all = new byte[(int) BufferUtil.remaining(buffers)];
            ByteBuffer copy = ByteBuffer.wrap(all);
            Arrays.stream(buffers).forEach(buffer -> copy.put(buffer.slice()));
            try {
                return super.flush(buffers);
            } finally {
                int taken = all.length - (int) BufferUtil.remaining(buffers);
                if (taken > 0) {
                    writes.add(Arrays.copyOf(all, taken));
                }
            }
        }
    }
}
