package io.v2ws.client;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Threads and tracked buffers for the clients of one test, and everything that has to be closed behind it, last made
 * first closed. A buffer that was not given back fails the test.
 */
final class ClientFixture implements BeforeEachCallback, AfterEachCallback {
    private final Deque<AutoCloseable> kept = new ArrayDeque<>();
    private ArrayByteBufferPool.Tracking pool;
    private final Scheduler scheduler;
    private TcpConnector connector;

    ClientFixture() {
        this(new ScheduledExecutorScheduler("client-test-scheduler", true));
    }

    /** Makes a fixture whose clients have these timers. */
    ClientFixture(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        pool = new ArrayByteBufferPool.Tracking();
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("client-test");
        connector = new TcpConnector(threads, scheduler, pool);
        connector.start();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!kept.isEmpty()) {
            kept.pop().close();
        }
        connector.stop();
        if (context.getExecutionException().isEmpty()) {
            LeakCheck.assertNoLeakedBuffers(pool);
        }
    }

    TcpConnector connector() {
        return connector;
    }

    /** Closes it behind the test. */
    <T extends AutoCloseable> T keep(T closeable) {
        kept.push(closeable);
        return closeable;
    }

    /** Starts a plain server. */
    PeerServer server() throws IOException {
        return keep(new PeerServer());
    }

    /** Options with the path {@code /tunnel}. */
    static WebSocketTransportOptions.Builder options() {
        return WebSocketTransportOptions.builder().path("/tunnel");
    }

    /**
     * Starts to make a client with the threads and buffers of this test; its engine is the usual one, or that of
     * {@code -Dv2ws.test.engine=JETTY}.
     */
    WebSocketTransportClient.Builder builder(String url) {
        WebSocketEngine engine = WebSocketEngine.valueOf(System.getProperty("v2ws.test.engine", "DIRECT"));
        return WebSocketTransportClient.builder(url).engine(engine).connector(connector);
    }

    /** Makes a client of a plain server. */
    WebSocketTransportClient client(PeerServer server, WebSocketTransportOptions.Builder options) throws IOException {
        return keep(builder(server.url()).options(options.build()).build());
    }
}
