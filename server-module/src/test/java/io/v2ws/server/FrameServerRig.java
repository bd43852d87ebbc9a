package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.internal.websocket.StreamUnderTest;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.FrameLink;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRig;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;

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
            RawHandshake request = RawHandshake.to("/tunnel");
            peer.upgrade(options.announcedInKey() ? request.halfCloseKey() : request);
            WebSocketStream stream = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "no stream");
            return new FrameLink(peer, new StreamUnderTest(stream), jetty.bufferPool());
        } catch (Throwable failure) {
            peer.close();
            throw failure;
        }
    }

    private EmbeddedJetty start(FrameOptions options) {
        return EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(
                                StreamUnderTest.options(options), (stream, request) -> accepted.add(stream))
                        .engine(engine)
                        .build())
                .start();
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
        StreamUnderTest.assertNoLargeBuffersHeld();
    }
}
