package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.DeliveryCases;
import io.v2ws.testing.RelayEnds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** Opens relays of the product. Their far ends connect to one listener of the test. */
abstract class Relays implements DeliveryCases.Relays {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final WebSocketEngine engine;
    final boolean secure;
    final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    final TcpConnector connector =
            new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
    final ServerSocket listener = new ServerSocket();

    /**
     * Starts what all relays share.
     *
     * @param secure whether the tunnels go through TLS
     */
    Relays(WebSocketEngine engine, boolean secure) throws Exception {
        this.engine = engine;
        this.secure = secure;
        connector.start();
        listener.bind(new InetSocketAddress(LOOPBACK, 0));
        listener.setSoTimeout(10_000);
    }

    /** Opens both sides of a relay. */
    abstract RelayEnds open(WebSocketTransportOptions options) throws Exception;

    @Override
    public final RelayEnds open(Duration pingInterval) throws Exception {
        return open(WebSocketTransportOptions.builder()
                .path(Rig.PATH)
                .pingInterval(pingInterval)
                .pongTimeout(DeliveryCases.PONG_TIMEOUT)
                .halfCloseLinger(DeliveryCases.LINGER)
                .build());
    }

    @Override
    public final boolean isSecure() {
        return secure;
    }

    @Override
    public void close() throws Exception {
        connector.stop();
        listener.close();
    }
}
