package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.internal.tls.PemFiles;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that had no time to read does not blame the client; with and without TLS. The test fires the deadlines. */
@ExtendWith(LeakCheck.class)
class LateServerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final long PATIENCE_SECONDS = 30;

    /** No other timer of a server has it. */
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(4321);

    private final BlockingQueue<Runnable> deadlines = new LinkedBlockingQueue<>();
    private Server server;
    private TunnelConnector connector;

    private void start(boolean tls) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("v2ws-late");
        server = new Server(threads, new HeldDeadlines(), null);
        TcpConnector upstreams =
                new TcpConnector(server.getThreadPool(), server.getScheduler(), server.getByteBufferPool());
        server.addBean(upstreams, true);
        server.setHandler(new DeadlineHandler(new EmptyResponses.NotFoundHandler()));
        HttpConnectionFactory http = new HttpConnectionFactory();
        http.getHttpConfiguration().addCustomizer(new SecureRequestCustomizer(false));
        ConnectionFactory[] factories = !tls
                ? new ConnectionFactory[] {http}
                : new ConnectionFactory[] {serverTls().connectionFactory(http.getProtocol()), http};
        connector = new TunnelConnector(server, upstreams, HEAD_TIMEOUT, factories);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
    }

    private static ServerTls serverTls() throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        PemFiles.KeyStoreWithPassword store = PemFiles.keyStore(identity.certificatePem(), identity.keyPem());
        return new ServerTls(store.keyStore(), store.password(), null);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private RawWebSocketPeer connect(boolean tls) throws IOException {
        if (!tls) {
            return RawWebSocketPeer.connect(connector.getLocalPort());
        }
        SSLSocket socket = (SSLSocket) TestCertificates.get()
                .trustingContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", connector.getLocalPort());
        socket.startHandshake();
        await().until(() -> connector.getConnectedEndPoints().stream().anyMatch(LateServerTest::waitsForRequest));
        return RawWebSocketPeer.client(socket);
    }

    /**
     * Otherwise a thread that is busy with the end of the handshake could read the request beside a selector that
     * stands.
     */
    private static boolean waitsForRequest(EndPoint endPoint) {
        return endPoint.getConnection() instanceof SslConnection tls
                && tls.getSSLEngine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && tls.getSslEndPoint().isFillInterested()
                && endPoint.isFillInterested();
    }

    /** Sends while the selectors stand still, and lets the deadline pass before they go on. */
    private void sendUnread(RawWebSocketPeer peer, String bytes) throws Exception {
        Runnable deadline = deadlines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(deadline).isNotNull();
        var selectors = connector.getSelectorManager().getBeans(ManagedSelector.class);
        CountDownLatch stopped = new CountDownLatch(selectors.size());
        CountDownLatch goOn = new CountDownLatch(1);
        for (ManagedSelector selector : selectors) {
            selector.submit(keys -> {
                stopped.countDown();
                awaitQuietly(goOn);
            });
        }
        try {
            awaitQuietly(stopped);
            peer.send(bytes.getBytes(StandardCharsets.ISO_8859_1));
            deadline.run();
        } finally {
            goOn.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertCut(RawWebSocketPeer peer) throws IOException {
        try {
            assertThat(peer.input().read()).isEqualTo(-1);
        } catch (SocketException | SSLException reset) {
            // Also an end.
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatArrivedInTimeIsAnsweredWhenTheServerReadsItAfterTheDeadline(boolean tls) throws Exception {
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, REQUEST);
            assertThat(peer.readResponseHead().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSecondDeadlineIsTheLast(boolean tls) throws Exception {
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, "GET ");
            sendUnread(peer, "/");
            assertCut(peer);
        }
    }

    @Test
    void aSilentClientIsCutAtTheFirstDeadline() throws Exception {
        start(false);
        try (RawWebSocketPeer peer = connect(false)) {
            sendUnread(peer, "");
            assertCut(peer);
        }
    }

    /** Keeps deadlines for the test, and leaves all other timers alone. */
    private final class HeldDeadlines extends ScheduledExecutorScheduler {
        HeldDeadlines() {
            super("v2ws-late-scheduler", true);
        }

        @Override
        public Scheduler.Task schedule(Runnable task, long delay, TimeUnit unit) {
            if (unit.toSeconds(delay) != HEAD_TIMEOUT.toSeconds()) {
                return super.schedule(task, delay, unit);
            }
            deadlines.add(task);
            return () -> deadlines.remove(task);
        }
    }
}
