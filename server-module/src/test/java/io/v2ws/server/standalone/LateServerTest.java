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
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
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

    /** More turns than the judgement of a deadline takes. */
    private static final int TURNS = 5;

    private final BlockingQueue<Runnable> deadlines = new LinkedBlockingQueue<>();
    private Server server;
    private TunnelConnector connector;
    private volatile Runnable beforeHandling = () -> {};

    private void start(boolean tls) throws Exception {
        HttpConnectionFactory http = new HttpConnectionFactory();
        http.getHttpConfiguration().addCustomizer(new SecureRequestCustomizer(false));
        if (tls) {
            start(serverTls().connectionFactory(http.getProtocol()), http);
        } else {
            start(http);
        }
    }

    private static ServerTls serverTls() throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        PemFiles.KeyStoreWithPassword store = PemFiles.keyStore(identity.certificatePem(), identity.keyPem());
        return new ServerTls(store.keyStore(), store.password(), null);
    }

    private void start(ConnectionFactory... factories) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("v2ws-late");
        server = new Server(threads, new HeldDeadlines(), null);
        TcpConnector upstreams =
                new TcpConnector(server.getThreadPool(), server.getScheduler(), server.getByteBufferPool());
        server.addBean(upstreams, true);
        server.setHandler(new SlowHandler(new DeadlineHandler(new EmptyResponses.NotFoundHandler())));
        connector = new TunnelConnector(server, upstreams, HEAD_TIMEOUT, factories);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
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
        Runnable deadline = nextDeadline();
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
            if (!bytes.isEmpty()) {
                sendAndAwaitArrival(peer, bytes);
            }
            deadline.run();
        } finally {
            goOn.countDown();
        }
    }

    private Runnable nextDeadline() throws InterruptedException {
        Runnable deadline = deadlines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(deadline).isNotNull();
        return deadline;
    }

    /** Returns when the bytes are in the server's socket, which a selector of the test finds without reading them. */
    private void sendAndAwaitArrival(RawWebSocketPeer peer, String bytes) throws IOException {
        await().until(() -> !connector.getConnectedEndPoints().isEmpty());
        EndPoint endPoint = connector.getConnectedEndPoints().iterator().next();
        SocketChannel channel = DeadlineEndPoint.below(endPoint).getChannel();
        try (Selector arrival = Selector.open()) {
            channel.register(arrival, SelectionKey.OP_READ);
            assertThat(arrival.selectNow()).isZero();
            peer.send(bytes.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(arrival.select(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)))
                    .isOne();
        }
    }

    /** Lets the selectors do all that was submitted to them, and what that submits in turn. */
    private void letSelectorsTurn() {
        var selectors = connector.getSelectorManager().getBeans(ManagedSelector.class);
        CountDownLatch turned = new CountDownLatch(selectors.size());
        selectors.forEach(selector -> turn(selector, TURNS, turned));
        awaitQuietly(turned);
    }

    private static void turn(ManagedSelector selector, int times, CountDownLatch turned) {
        if (times == 0) {
            turned.countDown();
        } else {
            selector.submit(keys -> turn(selector, times - 1, turned));
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

    /** The handler is slow, so that a server that judges by the clock cannot answer first by chance. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatArrivedInTimeIsAnsweredWhenTheServerReadsItAfterTheDeadline(boolean tls) throws Exception {
        beforeHandling = this::letSelectorsTurn;
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, REQUEST);
            assertThat(peer.readResponseHead().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPartOfARequestThatIsReadAfterTheDeadlineGetsNoSecondOne(boolean tls) throws Exception {
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, "GET ");
            assertCut(peer);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSilentClientIsCutAtTheFirstDeadline(boolean tls) throws Exception {
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, "");
            assertCut(peer);
        }
    }

    @Test
    void whatArrivesBehindTheLastByteReadIsReadOnceMoreAfterTheDeadline() throws Exception {
        CountDownLatch allRead = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        start(new SlowReaderFactory(allRead, goOn));
        try (RawWebSocketPeer peer = connect(false)) {
            peer.send("GET / ".getBytes(StandardCharsets.ISO_8859_1));
            awaitQuietly(allRead);
            nextDeadline().run();
            letSelectorsTurn();
            sendAndAwaitArrival(peer, "HTTP/1.1\r\n\r\n");
            goOn.countDown();
            assertThat(peer.readResponseHead().status()).isEqualTo(204);
        } finally {
            goOn.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadThatLastsUntilASecondDeadlineIsCut(boolean tls) throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        beforeHandling = () -> {
            handling.countDown();
            awaitQuietly(goOn);
        };
        start(tls);
        try (RawWebSocketPeer peer = connect(tls)) {
            sendUnread(peer, REQUEST);
            awaitQuietly(handling);
            nextDeadline().run();
            assertCut(peer);
        } finally {
            goOn.countDown();
        }
    }

    /** Takes its time before anything knows of the request. */
    private final class SlowHandler extends Handler.Wrapper {
        SlowHandler(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            beforeHandling.run();
            return super.handle(request, response, callback);
        }

        /** The selectors have to go on in the meantime. */
        @Override
        public InvocationType getInvocationType() {
            return InvocationType.BLOCKING;
        }
    }

    /** Makes connections that have read all there is, and stand still before they ask for more. */
    private static final class SlowReaderFactory extends AbstractConnectionFactory {
        private final CountDownLatch allRead;
        private final CountDownLatch goOn;

        SlowReaderFactory(CountDownLatch allRead, CountDownLatch goOn) {
            super("slow");
            this.allRead = allRead;
            this.goOn = goOn;
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return new AbstractConnection(endPoint, connector.getExecutor()) {
                private final StringBuilder read = new StringBuilder();

                @Override
                public void onOpen() {
                    super.onOpen();
                    fillInterested();
                }

                @Override
                public void onFillable() {
                    try {
                        ByteBuffer buffer = BufferUtil.allocate(100);
                        while (endPoint.fill(buffer) > 0) {
                            read.append(BufferUtil.toString(buffer));
                            buffer.clear().flip();
                        }
                    } catch (IOException x) {
                        close();
                        return;
                    }
                    if (read.indexOf("\r\n\r\n") > 0) {
                        DeadlineEndPoint.below(endPoint).headArrived();
                        endPoint.write(Callback.NOOP, BufferUtil.toBuffer("HTTP/1.1 204 No Content\r\n\r\n"));
                        return;
                    }
                    allRead.countDown();
                    awaitQuietly(goOn);
                    fillInterested();
                }
            };
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
