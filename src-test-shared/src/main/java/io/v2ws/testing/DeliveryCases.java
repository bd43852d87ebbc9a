package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.testing.DeliveryCase.End;
import io.v2ws.testing.DeliveryCase.Reader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * F5 through a relay: however one side ends, the other gets everything that had arrived before, and then the right kind
 * of end. Every end meets every reader, with and without data the other way.
 *
 * <p>All cases run at the same time, each on a connection of its own, because most of their time is waiting: for a
 * reader that stops, and for resets that are held back.
 */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class DeliveryCases {
    /** How long a relay lingers whose peer knows no half-close. */
    public static final Duration LINGER = Duration.ofMillis(200);

    /** How long a relay waits for a pong. */
    public static final Duration PONG_TIMEOUT = Duration.ofSeconds(4);

    private static final int MUCH = 2 << 20;
    private static final int FRAME = 16 * 1024;

    /** Shorter than the reader's longest stop and longer than what a case takes, so that a lost wake-up shows. */
    private static final int PATIENCE_SECONDS = 60;

    /** What the reader saw. */
    private record Seen(long count, String sha256, String end) {}

    private final Map<DeliveryCase, CompletableFuture<Seen>> toTcp = new LinkedHashMap<>();
    private final Map<DeliveryCase, CompletableFuture<Seen>> toPeer = new LinkedHashMap<>();
    private final byte[] payload = Bytes.random(5, MUCH);

    /** For subclasses. */
    protected DeliveryCases() {}

    /** Opens relays, any number of them, and from any thread; closing it checks that nothing was left behind. */
    public interface Relays extends AutoCloseable {
        /**
         * Opens both sides of a relay that has {@link #LINGER} and {@link #PONG_TIMEOUT}.
         *
         * @param pingInterval zero for no pings
         * @throws Exception if that fails
         */
        RelayEnds open(Duration pingInterval) throws Exception;

        /** Whether the peer speaks TLS. */
        default boolean isSecure() {
            return false;
        }

        /**
         * Whether what is below the tunnels closes a connection whose write fails, with what lies unread, and closes
         * right behind a Close 1011: Jetty's own TLS, and Tomcat.
         */
        default boolean losesUnreadInput() {
            return false;
        }

        /** Whether the end under test can reset a connection. */
        default boolean canReset() {
            return true;
        }
    }

    private Relays relays;

    /** Starts all cases; to be called before the tests. */
    protected final void start(Relays opener) {
        relays = opener;
        cases().forEach(each -> toTcp.put(each, Background.supply(() -> fromPeerToTcp(each))));
        casesOfTcp().forEach(each -> toPeer.put(each, Background.supply(() -> fromTcpToPeer(each))));
    }

    /**
     * Ends the relays; to be called after the tests.
     *
     * @throws Exception if that fails
     */
    protected final void close() throws Exception {
        toTcp.clear();
        toPeer.clear();
        relays.close();
    }

    final List<DeliveryCase> cases() {
        return all(Arrays.stream(End.values())
                .filter(end -> end != End.FIN_WITHOUT_CLOSE_NOTIFY || relays.isSecure())
                .toArray(End[]::new));
    }

    final List<DeliveryCase> casesOfTcp() {
        return all(End.FIN_BETWEEN_MESSAGES, End.RESET);
    }

    private static List<DeliveryCase> all(End... ends) {
        List<DeliveryCase> all = new ArrayList<>();
        for (End end : ends) {
            for (Reader reader : Reader.values()) {
                all.add(new DeliveryCase(end, reader, false));
                all.add(new DeliveryCase(end, reader, true));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void f5_theTcpSideGetsEverythingThatArrivedAndThenTheKindOfEnd(DeliveryCase each) throws Exception {
        assumeFalse(
                relays.losesUnreadInput() && each.dataTheOtherWay() && each.end() == End.RESET,
                "what is below closes a connection that it cannot write to, with what lies unread");
        assumeReset(each);
        Seen seen = toTcp.get(each).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(seen.count).isEqualTo(MUCH);
        assertThat(seen.sha256).isEqualTo(Bytes.sha256(payload));
        assertThat(seen.end).isEqualTo(each.end().isFailure() ? "reset" : "end");
    }

    /** A reset would overtake the bytes before it unless these are known to have arrived. */
    private static void assumeReset(DeliveryCase each) {
        assumeTrue(each.end() != End.RESET || KernelBuffers.canBeRead(), "needs /proc/net/tcp of Linux");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("casesOfTcp")
    void f5_thePeerGetsEverythingThatTheTcpSideSentAndThenACloseFrame(DeliveryCase each) throws Exception {
        assumeFalse(
                relays.losesUnreadInput() && each.dataTheOtherWay() && each.end() == End.RESET,
                "what is below closes right behind a Close 1011, and what comes in turns that into a reset");
        assumeReset(each);
        Seen seen = toPeer.get(each).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(seen.count).isEqualTo(MUCH);
        assertThat(seen.sha256).isEqualTo(Bytes.sha256(payload));
        assertThat(seen.end).isEqualTo(each.end() == End.RESET ? "close 1011" : "close 1000");
    }

    @Test
    void f5_aDeadLinkEndsByAResetAsAFinWouldLookLikeAnEndInOrder() throws Exception {
        assumeTrue(relays.canReset(), "the Servlet API has no reset");
        try (RelayEnds ends = relays.open(pingInterval(End.DEAD_LINK))) {
            ends.peer().setTimeoutMillis((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            ends.peer().expectReset();
        }
    }

    private static Duration pingInterval(End end) {
        return end == End.DEAD_LINK ? Duration.ofSeconds(2) : Duration.ZERO;
    }

    private Seen fromPeerToTcp(DeliveryCase each) throws Exception {
        try (RelayEnds ends = relays.open(pingInterval(each.end()))) {
            RawWebSocketPeer peer = ends.peer();
            peer.setTimeoutMillis((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            ends.tcp().setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            CompletableFuture<Seen> reading = Background.supply(() -> read(ends.tcp(), each.reader()));
            CompletableFuture<Boolean> refused = CompletableFuture.completedFuture(false);
            if (each.dataTheOtherWay()) {
                // A link with data on it is given up later: a few bytes are enough.
                int most = each.end() == End.DEAD_LINK ? 300 : Integer.MAX_VALUE;
                refused = Background.supply(() -> write(ends.tcp(), most));
                Background.run(() -> peer.input().transferTo(OutputStream.nullOutputStream()));
            }
            for (int at = 0; at < payload.length; at += FRAME) {
                peer.sendBinary(Arrays.copyOfRange(payload, at, at + FRAME));
            }
            each.end().apply(peer);
            Seen seen = reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            // The kernel tells of a reset once, to the thread that reads or to the one that writes.
            boolean reset =
                    each.end().isFailure() && each.dataTheOtherWay() && refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return reset ? new Seen(seen.count, seen.sha256, "reset") : seen;
        }
    }

    private Seen fromTcpToPeer(DeliveryCase each) throws Exception {
        try (RelayEnds ends = relays.open(pingInterval(each.end()))) {
            RawWebSocketPeer peer = ends.peer();
            peer.setTimeoutMillis((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            CompletableFuture<Seen> reading = Background.supply(() -> readFrames(peer, each.reader()));
            if (each.dataTheOtherWay()) {
                Background.run(() -> ends.tcp().getInputStream().transferTo(OutputStream.nullOutputStream()));
                Background.run(() -> send(peer));
            }
            ends.tcp().getOutputStream().write(payload);
            if (each.end() == End.RESET) {
                KernelBuffers.awaitArrived(ends.tcp());
                Sockets.reset(ends.tcp());
            } else {
                ends.tcp().shutdownOutput();
            }
            return reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Seen read(Socket socket, Reader reader) throws IOException {
        byte[] buffer = new byte[32 * 1024];
        return readAll(reader, digest -> {
            int count = socket.getInputStream().read(buffer);
            digest.update(buffer, Math.max(count, 0));
            return count < 0 ? "end" : null;
        });
    }

    private static Seen readFrames(RawWebSocketPeer peer, Reader reader) throws IOException {
        return readAll(reader, digest -> {
            RawFrame frame = peer.readFrame();
            if (frame == null || frame.opcode() == FrameBytes.CLOSE) {
                return frame == null ? "end" : "close " + frame.closeCode();
            }
            if (frame.opcode() <= FrameBytes.BINARY && frame.opcode() != FrameBytes.TEXT) {
                digest.update(frame.payload(), frame.payload().length);
            }
            return null;
        });
    }

    private interface Step {
        /** Reads something; returns how the stream ended, or null if it did not. */
        String read(CountingDigest digest) throws IOException;
    }

    private static Seen readAll(Reader reader, Step step) throws IOException {
        CountingDigest digest = new CountingDigest();
        String end = null;
        while (end == null) {
            reader.before(digest.count());
            try {
                end = step.read(digest);
            } catch (SocketException reset) {
                end = "reset";
            }
        }
        return new Seen(digest.count(), digest.sha256(), end);
    }

    /** Writes a little every few milliseconds; returns whether the connection takes no more. */
    private static boolean write(Socket socket, int most) {
        try {
            for (int sent = 0; sent < most; sent += 100) {
                socket.getOutputStream().write(new byte[100]);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    private static void send(RawWebSocketPeer peer) throws IOException {
        // Traffic without end would keep a relay open whose peer knows no half-close.
        for (int count = 0; count < 100; count++) {
            peer.sendBinary(new byte[100]);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
