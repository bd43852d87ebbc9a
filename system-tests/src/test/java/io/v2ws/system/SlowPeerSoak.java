package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.Background;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * F10 with the default times of keepalive: peers that read an endless download slowly, or stop for longer than a dead
 * link is given, and answer every ping they come to, are never cut. All run at the same time, for three minutes.
 */
class SlowPeerSoak {
    private static final long MINUTES = 3;
    private static final int SMALL_BUFFER = 8 * 1024;

    /** How a peer reads: bytes per second, or not at all for a while in the middle. */
    private enum Pace {
        KB_1(1_000),
        KB_5(5_000),
        KB_20(20_000),
        PAUSE_OF_75_S(1_000_000);

        private final int rate;

        Pace(int rate) {
            this.rate = rate;
        }
    }

    private record Link(WebSocketEngine engine, boolean secure, boolean smallBuffer, Pace pace) {}

    /** Reads no faster than a rate. */
    private static final class SlowInput extends InputStream {
        private final InputStream in;
        private final Pace pace;
        private final long start = System.nanoTime();
        private long count;
        private boolean paused;

        SlowInput(InputStream in, Pace pace) {
            this.in = in;
            this.pace = pace;
        }

        @Override
        public int read() throws IOException {
            if (pace == Pace.PAUSE_OF_75_S && !paused && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
                paused = true;
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(75));
            }
            long due = start + TimeUnit.SECONDS.toNanos(count) / pace.rate;
            // In steps, so that a byte does not cost a wake-up.
            if (due - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(50)) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            count++;
            return in.read();
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void f10_aPeerThatReadsSlowlyOrStopsForAWhileIsNeverCut() throws Exception {
        Map<Link, CompletableFuture<String>> links = new LinkedHashMap<>();
        List<EmbeddedJetty> servers = new ArrayList<>();
        for (WebSocketEngine engine : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
            for (boolean secure : new boolean[] {false, true}) {
                EmbeddedJetty server = start(engine, secure);
                servers.add(server);
                for (boolean small : new boolean[] {false, true}) {
                    for (Pace pace : Pace.values()) {
                        Link link = new Link(engine, secure, small, pace);
                        links.put(link, Background.supply(() -> run(link, server.address())));
                    }
                }
            }
        }
        for (Map.Entry<Link, CompletableFuture<String>> link : links.entrySet()) {
            assertThat(link.getValue().get(9, TimeUnit.MINUTES))
                    .as("%s", link.getKey())
                    .isEqualTo("alive");
        }
        servers.forEach(EmbeddedJetty::close);
    }

    private static EmbeddedJetty start(WebSocketEngine engine, boolean secure) {
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(
                                WebSocketTransportOptions.defaults(), (stream, request) -> new Download(stream).next())
                        .engine(engine)
                        .build());
        if (secure) {
            builder.tls(TestCertificates.get().server().keyStore(), TestCertificates.PASSWORD);
        }
        return builder.start();
    }

    /** Writes without end, and reads so that pongs are seen. */
    private record Download(WebSocketStream stream) {
        void next() {
            read();
            write();
        }

        private void read() {
            for (var chunk = stream.read(); chunk != null; chunk = stream.read()) {
                chunk.release();
                if (chunk.isLast() || chunk.getFailure() != null) {
                    stream.close();
                    return;
                }
            }
            stream.demand(this::read);
        }

        private void write() {
            stream.write(false, ByteBuffer.allocate(64 * 1024), Callback.from(this::write, ended -> {}));
        }
    }

    private static String run(Link link, InetSocketAddress address) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        try (RawWebSocketPeer peer = open(link, address)) {
            peer.setTimeoutMillis((int) TimeUnit.MINUTES.toMillis(MINUTES));
            peer.upgrade("/");
            InputStream in = new SlowInput(peer.input(), link.pace);
            while (System.nanoTime() < end) {
                RawFrame frame = RawFrame.read(in);
                if (frame == null || frame.opcode() == FrameBytes.CLOSE) {
                    return "ended by " + frame;
                }
                if (frame.opcode() == FrameBytes.PING) {
                    peer.sendPong(frame.payload());
                }
            }
            return "alive";
        } catch (IOException x) {
            return x.toString();
        }
    }

    private static RawWebSocketPeer open(Link link, InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        if (link.smallBuffer) {
            socket.setReceiveBufferSize(SMALL_BUFFER);
        }
        socket.connect(address);
        return link.secure ? TestCertificates.get().connect(socket, address) : RawWebSocketPeer.client(socket);
    }
}
