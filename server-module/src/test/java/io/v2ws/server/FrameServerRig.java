package io.v2ws.server;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameLink;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameStream;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** The server under test: our filter in an embedded Jetty; the raw peer is the client. One Jetty for each set of options. */
final class FrameServerRig implements FrameRig {
    private final WebSocketEngine engine;
    private final Map<FrameOptions, EmbeddedJetty> jetties = new HashMap<>();
    private final BlockingQueue<WebSocketStream> accepted = new LinkedBlockingQueue<>();

    FrameServerRig(WebSocketEngine engine) {
        this.engine = engine;
    }

    @Override
    public boolean runsOnJetty() {
        return engine == WebSocketEngine.JETTY;
    }

    @Override
    public FrameLink open(FrameOptions options) throws Exception {
        EmbeddedJetty jetty = jetties.computeIfAbsent(options, this::start);
        RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.address(), options.receiveBuffer());
        try {
            peer.upgrade("/tunnel");
            WebSocketStream stream = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "no stream");
            return new FrameLink(peer, new Adapter(stream), jetty.bufferPool());
        } catch (Throwable failure) {
            peer.close();
            throw failure;
        }
    }

    private EmbeddedJetty start(FrameOptions options) {
        return EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(options(options), (stream, request) -> accepted.add(stream))
                        .engine(engine)
                        .build())
                .start();
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
        return true;
    }

    @Override
    public List<ArrayByteBufferPool.Tracking> pools() {
        return jetties.values().stream().map(EmbeddedJetty::bufferPool).toList();
    }

    @Override
    public void close() {
        jetties.values().forEach(EmbeddedJetty::close);
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
