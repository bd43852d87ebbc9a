package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.testing.LeakCheck;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names whose DNS server does not answer. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class LookupThreadsTest {
    private static final int TUNNELS = 600;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final CountDownLatch dnsAnswers = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private final QueuedThreadPool threads = new QueuedThreadPool();
    private TcpRig rig;
    private TcpConnector connector;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
        connector = new TcpConnector(
                threads,
                new ScheduledExecutorScheduler("lookup-test-scheduler", true),
                new ArrayByteBufferPool(),
                TcpKeepAlive.OFF,
                AddressOrder.SYSTEM,
                new AddressResolver(this::blockingLookup));
        connector.start();
    }

    @AfterEach
    void close() throws Exception {
        dnsAnswers.countDown();
        connector.stop();
        rig.close();
    }

    private InetAddress[] blockingLookup(String name) {
        lookups.incrementAndGet();
        try {
            dnsAnswers.await();
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
        return new InetAddress[] {TcpRig.local(1)};
    }

    private static long lookupThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("v2ws-lookup"))
                .count();
    }

    private CompletableFuture<TcpStream> connect(String name, int port, Duration timeout) {
        return connector.connect(new HostAndPort(name, port), timeout);
    }

    private static Throwable failureOf(CompletableFuture<?> connecting) throws Exception {
        try {
            throw new AssertionError("expected a failure, got " + connecting.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException x) {
            return x.getCause();
        }
    }

    @Test
    void manyTunnelsToANameShareOneLookupAndTimeOutWithIt() throws Exception {
        int poolBefore = threads.getThreads();
        List<CompletableFuture<TcpStream>> connecting = new ArrayList<>();
        for (int i = 0; i < TUNNELS; i++) {
            connecting.add(connect(i % 2 == 0 ? "silent.test" : "SILENT.test", 1, TIMEOUT));
        }
        await().untilAsserted(() -> assertThat(lookups).hasValue(1));
        for (CompletableFuture<TcpStream> each : connecting) {
            assertThat(failureOf(each))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageMatching(
                            "no connection to (silent|SILENT).test:1 within 2000 ms: DNS: no answer for (silent|SILENT).test");
        }
        assertThat(lookups).hasValue(1);
        assertThat(lookupThreads()).isEqualTo(1);
        assertThat(threads.getThreads()).isLessThanOrEqualTo(poolBefore + 2);
    }

    @Test
    void manyNamesHaveABoundedNumberOfThreadsAndLeaveOpenTunnelsAlone() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 50, TcpRig.local(1))) {
            port = listener.getLocalPort();
            CompletableFuture<TcpStream> open = connect("127.0.0.1", port, TIMEOUT);
            try (var accepted = listener.accept()) {
                accepted.setSoTimeout(10_000);
                TcpStream tunnel = open.get(10, TimeUnit.SECONDS);
                List<CompletableFuture<TcpStream>> connecting = new ArrayList<>();
                for (int i = 0; i < TUNNELS; i++) {
                    connecting.add(connect("silent" + i + ".test", port, Duration.ofSeconds(30)));
                }
                await().untilAsserted(() -> assertThat(lookups).hasValue(32));
                assertThat(lookupThreads()).isEqualTo(32);

                InputStream in = accepted.getInputStream();
                for (int i = 0; i < 20; i++) {
                    long start = System.nanoTime();
                    TcpRig.write(tunnel, false, (byte) i);
                    assertThat(in.read()).isEqualTo(i);
                    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
                }
                // An address needs no look-up.
                TcpStream another = connect("127.0.0.1", port, TIMEOUT).get(10, TimeUnit.SECONDS);
                another.close();
                connecting.forEach(each -> each.cancel(false));
                tunnel.close();
                dnsAnswers.countDown();
                // Nobody waits for the look-ups that had not begun.
                await().untilAsserted(() -> assertThat(lookupThreads()).isZero());
                assertThat(lookups).hasValue(32);
            }
        }
    }

    @Test
    void aLookupThatEndsInTimeConnects() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, TcpRig.local(1))) {
            CompletableFuture<TcpStream> connecting =
                    connect("slow.test", listener.getLocalPort(), Duration.ofSeconds(20));
            await().untilAsserted(() -> assertThat(lookups).hasValue(1));
            dnsAnswers.countDown();
            connecting.get(20, TimeUnit.SECONDS).close();
        }
    }
}
