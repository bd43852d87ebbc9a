package io.v2ws.client;

import io.v2ws.StreamOutcome;
import io.v2ws.TcpConnector;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.FrameLink;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameStream;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** The client under test; the raw peer is the server. */
final class FrameClientRig implements FrameRig {
    private final WebSocketEngine engine;
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final TcpConnector connector =
            new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
    private final List<WebSocketTransportClient> clients = new ArrayList<>();

    FrameClientRig(WebSocketEngine engine) throws Exception {
        this.engine = engine;
        connector.start();
    }

    @Override
    public boolean runsOnJetty() {
        return engine == WebSocketEngine.JETTY;
    }

    @Override
    public FrameLink open(FrameOptions options) throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            if (options.receiveBuffer() > 0) {
                listener.setReceiveBufferSize(options.receiveBuffer());
            }
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            listener.setSoTimeout(10_000);
            CompletableFuture<WebSocketStream> opening =
                    client(options, listener.getLocalPort(), connector).connect();
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            try {
                peer.acceptUpgrade();
                WebSocketStream stream = opening.get(10, TimeUnit.SECONDS);
                if (options.halfClose()) {
                    readAnnouncement(peer);
                }
                return new FrameLink(peer, new Adapter(stream), pool);
            } catch (Throwable failure) {
                peer.close();
                throw failure;
            }
        }
    }

    private WebSocketTransportClient client(FrameOptions options, int port, TcpConnector shared) throws Exception {
        WebSocketTransportClient client = WebSocketTransportClient.builder("ws://127.0.0.1:" + port + "/tunnel")
                .options(options(options))
                .connector(shared)
                .engine(engine)
                .build();
        clients.add(client);
        return client;
    }

    private static void readAnnouncement(RawWebSocketPeer peer) throws Exception {
        if (peer.expectFrame(FrameBytes.TEXT).payload().length > 0) {
            throw new AssertionError("Expected an empty text but was one with payload");
        }
    }

    static WebSocketTransportOptions options(FrameOptions options) {
        return WebSocketTransportOptions.builder()
                .path("/tunnel")
                .halfClose(options.halfClose())
                .pingInterval(options.pingInterval())
                .pongTimeout(options.pongTimeout())
                .closeTimeout(options.closeTimeout())
                .closeWriteTimeout(options.closeWriteTimeout())
                .halfCloseLinger(options.linger())
                .build();
    }

    @Override
    public boolean isServer() {
        return false;
    }

    @Override
    public List<ArrayByteBufferPool.Tracking> pools() {
        return List.of(pool);
    }

    @Override
    public void close() throws Exception {
        clients.forEach(WebSocketTransportClient::close);
        connector.stop();
    }

    private record Adapter(WebSocketStream stream) implements FrameStream {
        @Override
        public Content.Chunk read() {
            return stream.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            stream.demand(demandCallback);
        }

        @Override
        public void fail(Throwable failure) {
            stream.fail(failure);
        }

        @Override
        public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
            stream.write(last, byteBuffer, callback);
        }

        @Override
        public void close() {
            stream.close();
        }

        @Override
        public void abort(Throwable cause) {
            stream.abort(cause);
        }

        @Override
        public boolean canHalfClose() {
            return stream.canHalfClose();
        }

        @Override
        public CompletableFuture<Throwable> closed() {
            return stream.closed().thenApply(StreamOutcome::failure);
        }

        @Override
        public long bytesIn() {
            return stream.bytesIn();
        }

        @Override
        public long bytesOut() {
            return stream.bytesOut();
        }

        @Override
        public int codeOf(Throwable failure) {
            return failure instanceof WebSocketCloseException close ? close.code() : -1;
        }
    }
}
