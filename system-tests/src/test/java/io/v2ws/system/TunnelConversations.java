package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/**
 * What is to work through every tunnel, whoever is at its other end. All tests of a combination use the same processes;
 * those that kill some come last.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the peers are packages of Debian")
@Timeout(90)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith({LeakCheck.class, InteropReport.class})
abstract class TunnelConversations implements InteropReport.Reported {
    private static final int MEGABYTE = 1 << 20;
    private static final int CONCURRENT = 200;

    /** v2ray and its plugin give a client 4 s for TLS and request, which 200 at once may need on a busy machine. */
    private static final int OPENED_TOGETHER = 20;

    private static final int SHORT = 1_000;
    private static final int ANSWERS = 30;
    private static final int WORKERS = 8;

    /** The time to pass on what was noticed to the end that watches, through two busy processes. */
    private static final Duration PASSING_ON = Duration.ofSeconds(3);

    private static Tunnel tunnel;
    private static Socket idle;
    private static long idleSince;

    @Parameter
    Combination combination;

    @BeforeParameterizedClassInvocation
    static void start(Combination combination) throws Exception {
        InteropReport.starts(combination.row(), combination.peer().version());
        tunnel = Tunnel.start(combination);
        idle = tunnel.connect();
        Tunnel.echo(idle, Bytes.utf8("before"));
        idleSince = System.nanoTime();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        if (tunnel == null) {
            return;
        }
        try (Tunnel ended = tunnel) {
            tunnel = null;
            idle.close();
        }
    }

    static Tunnel tunnel() {
        return tunnel;
    }

    @Override
    public Row row() {
        return combination.row();
    }

    @Override
    public Workspace workspace() {
        return tunnel.workspace();
    }

    @Test
    @Order(1)
    void aHundredMegabytesArriveEachWay() throws Exception {
        CompletableFuture<String> atUpstream = tunnel.upstream().next(Bulk.DOWN::exchange);
        try (Socket socket = tunnel.connect()) {
            assertThat(Bulk.UP.exchange(socket)).as("downwards").isEqualTo(Bulk.DOWN.sha256());
            assertThat(result(atUpstream)).as("upwards").isEqualTo(Bulk.UP.sha256());
        }
    }

    @Test
    @Order(2)
    void twoHundredConnectionsAreOpenAtOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            while (sockets.size() < CONCURRENT) {
                open(sockets, OPENED_TOGETHER);
            }
            assertThat(tunnel.upstream().liveConnections()).isGreaterThanOrEqualTo(CONCURRENT);
            for (Socket socket : sockets) {
                socket.getOutputStream().write(Bytes.random(socket.getLocalPort(), 1000));
            }
            for (Socket socket : sockets) {
                assertThat(socket.getInputStream().readNBytes(1000))
                        .isEqualTo(Bytes.random(socket.getLocalPort(), 1000));
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Opens so many connections more and proves each. */
    private static void open(List<Socket> sockets, int more) throws IOException {
        int first = sockets.size();
        for (int i = 0; i < more; i++) {
            sockets.add(tunnel.connect());
            sockets.get(first + i).getOutputStream().write(Bytes.random(i, 100));
        }
        for (int i = 0; i < more; i++) {
            assertThat(sockets.get(first + i).getInputStream().readNBytes(100)).isEqualTo(Bytes.random(i, 100));
        }
    }

    @Test
    @Order(3)
    void aThousandShortConnectionsFollowEachOther() {
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Background.run(() -> {
                for (int seed = next.getAndIncrement(); seed < SHORT; seed = next.getAndIncrement()) {
                    shortConnection(seed);
                }
            }));
        }
        workers.forEach(CompletableFuture::join);
        await("all connections to be closed at the upstream but the idle one")
                .atMost(Duration.ofSeconds(20))
                .until(() -> tunnel.upstream().liveConnections() == 1);
    }

    private static void shortConnection(int seed) throws IOException {
        try (Socket socket = tunnel.connect()) {
            Tunnel.echo(socket, Bytes.random(seed, 100 + seed));
        } catch (IOException x) {
            throw new IOException("connection " + seed, x);
        }
    }

    @Test
    @Order(4)
    void theServerSpeaksFirst() throws Exception {
        CompletableFuture<String> heard = tunnel.upstream().next(socket -> {
            socket.getOutputStream().write(Bytes.utf8("220 welcome\r\n"));
            return Bytes.utf8(socket.getInputStream().readNBytes(6));
        });
        try (Socket socket = tunnel.connect()) {
            assertThat(Bytes.utf8(socket.getInputStream().readNBytes(13))).isEqualTo("220 welcome\r\n");
            socket.getOutputStream().write(Bytes.utf8("EHLO\r\n"));
            assertThat(result(heard)).isEqualTo("EHLO\r\n");
        }
    }

    @Test
    @Order(5)
    void aClientThatClosesFirstLosesNothing() throws Exception {
        CompletableFuture<byte[]> received =
                tunnel.upstream().next(socket -> socket.getInputStream().readAllBytes());
        byte[] sent = Bytes.random(5, MEGABYTE);
        try (Socket socket = tunnel.connect()) {
            socket.getOutputStream().write(sent);
        }
        assertThat(result(received)).as("all until the clean end").hasSameSizeAs(sent);
        assertThat(Bytes.sha256(result(received))).isEqualTo(Bytes.sha256(sent));
    }

    /**
     * The whole question may ride in the early data; then a peer has answered and closed before it has read a frame,
     * and any frame of ours that comes behind would cost the end of its answer. Whether one does is a matter of
     * microseconds: many tries, where we are the client and there is early data.
     */
    @Test
    @Order(6)
    void aServerThatClosesFirstLosesNothing() throws Exception {
        byte[] sent = Bytes.random(6, MEGABYTE);
        boolean early =
                combination.ourEnd() == OurEnd.FORWARD && combination.link().mode() != EarlyDataMode.NONE;
        for (int i = 0; i < (early ? ANSWERS : 1); i++) {
            CompletableFuture<Integer> asked = tunnel.upstream().next(socket -> {
                int question = socket.getInputStream().read();
                socket.getOutputStream().write(sent);
                return question;
            });
            try (Socket socket = tunnel.connect()) {
                socket.getOutputStream().write('?');
                byte[] received = socket.getInputStream().readAllBytes();
                assertThat(received)
                        .as("all until the clean end of answer %s", i)
                        .hasSameSizeAs(sent);
                assertThat(Bytes.sha256(received)).isEqualTo(Bytes.sha256(sent));
                assertThat(result(asked)).isEqualTo('?');
            }
        }
    }

    @Test
    @Order(7)
    void anIdleTunnelOutlivesTheKeepaliveTime() throws Exception {
        Duration longer = V2ws.KEEPALIVE.plusMillis(500);
        await("the tunnel to have been idle for " + longer)
                .atMost(longer.multipliedBy(2))
                .until(() -> System.nanoTime() - idleSince > longer.toNanos());
        Tunnel.echo(idle, Bytes.utf8("after"));
    }

    @Test
    @Order(9)
    void aKilledPeerIsNoticedAndItsSuccessorIsServed() throws Exception {
        try (Tunnel.Held held = tunnel.hold()) {
            tunnel.peer().kill();
            noticed(beyondUs(held));
            tunnel.peer().restart();
            try (Socket socket = tunnel.connect()) {
                Tunnel.echo(socket, Bytes.utf8("again"));
            }
        }
    }

    @Test
    @Order(10)
    void ourKilledEndIsNoticed() throws Exception {
        try (Tunnel.Held held = tunnel.hold()) {
            tunnel.ours().kill();
            noticed(held.nearEnd());
            noticed(held.farEnd());
        }
    }

    /** The end of a connection to which only our end can have passed on what happened to the peer. */
    final CompletableFuture<End> beyondUs(Tunnel.Held held) {
        return combination.ourEnd() == OurEnd.FORWARD ? held.nearEnd() : held.farEnd();
    }

    static void noticed(CompletableFuture<End> end) {
        await("the end to be noticed").atMost(V2ws.KEEPALIVE.plus(PASSING_ON)).until(end::isDone);
        assertThat(end).isCompleted();
    }

    private static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }
}
