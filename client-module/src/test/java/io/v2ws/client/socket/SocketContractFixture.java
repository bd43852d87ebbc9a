package io.v2ws.client.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** Makes sockets of one kind, and gives the far end of each. */
final class SocketContractFixture implements AutoCloseable {
    enum Kind {
        PLAIN,
        TUNNEL,
        EARLY_DATA,
        PRECONNECT
    }

    /** The far end of a socket. */
    interface Far {
        byte[] read(int count) throws IOException;

        void send(byte... bytes) throws IOException;
    }

    private final Kind kind;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final BlockingQueue<Far> fars = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> kept = new ArrayList<>();
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final SocketServer server;
    private TcpConnector connector;
    private WebSocketTransportClient client;
    private InetSocketAddress address;
    private volatile boolean silent;

    SocketContractFixture(Kind kind) throws Exception {
        this.kind = kind;
        server = new SocketServer("contract", this::serve);
        address = server.address();
        if (kind != Kind.PLAIN) {
            connector = new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test", true), pool);
            connector.start();
            client = client();
        }
    }

    private WebSocketTransportClient client() throws IOException {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .handshakeTimeout(Duration.ofSeconds(40))
                .closeWriteTimeout(Duration.ofSeconds(40))
                .maxEarlyData(kind == Kind.EARLY_DATA ? 16 : 0)
                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                .build();
        return WebSocketTransportClient.builder("ws://127.0.0.1:" + server.port() + "/t")
                .options(options)
                .connector(connector)
                .preconnect(kind == Kind.PRECONNECT ? 1 : 0)
                .build();
    }

    private void serve(Socket socket) throws IOException {
        if (kind == Kind.PLAIN) {
            fars.add(new PlainFar(socket));
        } else if (!silent) {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.setTimeoutMillis(0);
            var request = peer.readRequestHead();
            if (request == null) {
                return;
            }
            peer.setTimeoutMillis(10_000);
            if (!silent) {
                // The mirrored value of a header that carries early data is a subprotocol to answer.
                String early = request.header("Sec-WebSocket-Protocol");
                peer.acceptUpgrade(request, early == null ? List.of() : List.of("Sec-WebSocket-Protocol: " + early));
                fars.add(new TunnelFar(peer, early));
            }
        }
        try {
            finished.await();
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on nobody answers: a TCP connect of the plain socket, an upgrade of the others. */
    void fallSilent() throws IOException {
        silent = true;
        if (kind != Kind.PLAIN) {
            return;
        }
        // A full queue of connections to accept drops every further SYN.
        ServerSocket full = new ServerSocket();
        kept.add(full);
        full.bind(Sockets.loopback(0), 1);
        address = Sockets.loopback(full.getLocalPort());
        for (int i = 0; i < 20; i++) {
            Socket filler = new Socket();
            kept.add(filler);
            try {
                filler.connect(address, 300);
            } catch (SocketTimeoutException isFull) {
                return;
            }
        }
        throw new AssertionError("Expected a full queue of connections");
    }

    InetSocketAddress address() {
        return address;
    }

    /** Makes a socket that is not connected. */
    Socket socket() throws IOException {
        Socket socket = kind == Kind.PLAIN ? new Socket() : new TunnelSocketFactory(client).createSocket();
        kept.add(socket);
        return socket;
    }

    /** Makes a connected socket; with early data, after the first write. */
    Socket connected() throws Exception {
        Socket socket = socket();
        socket.connect(address, 10_000);
        socket.getOutputStream().write('f');
        Far far = far();
        assertThat(far.read(1)).containsExactly('f');
        fars.add(far);
        return socket;
    }

    /** The far end of the socket that was connected last. */
    Far far() throws InterruptedException {
        Far far = fars.poll(10, TimeUnit.SECONDS);
        assertThat(far).as("the server saw a connection").isNotNull();
        return far;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : kept) {
            each.close();
        }
        finished.countDown();
        server.close();
        if (client != null) {
            client.close();
            LeakCheck.assertNoLeakedBuffers(pool);
            connector.stop();
        }
    }

    private record PlainFar(Socket socket) implements Far {
        @Override
        public byte[] read(int count) throws IOException {
            return socket.getInputStream().readNBytes(count);
        }

        @Override
        public void send(byte... bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }
    }

    private static final class TunnelFar implements Far {
        private final RawWebSocketPeer peer;
        private byte[] early;

        TunnelFar(RawWebSocketPeer peer, String early) {
            this.peer = peer;
            this.early = early == null
                    ? new byte[0]
                    : java.util.Base64.getUrlDecoder().decode(early);
        }

        @Override
        public byte[] read(int count) throws IOException {
            if (early.length > 0) {
                byte[] first = early;
                early = new byte[0];
                assertThat(first).hasSize(count);
                return first;
            }
            return peer.readBinary(count);
        }

        @Override
        public void send(byte... bytes) throws IOException {
            peer.sendBinary(bytes);
        }
    }
}
