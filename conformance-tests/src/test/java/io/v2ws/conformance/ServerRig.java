package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.WebSocketUpgradeFilter;
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

/**
 * The server under test: our filter in an embedded container; the raw peer is the client. One container for each
 * set of options.
 */
final class ServerRig implements Rig {
    private final WebSocketEngine engine;
    private final boolean toldByKey;
    private final ServletServer.Container container;
    private final Map<WebSocketTransportOptions, ServletServer> servers = new HashMap<>();
    private final BlockingQueue<WebSocketStream> accepted = new LinkedBlockingQueue<>();

    /**
     * Makes a rig.
     *
     * @param toldByKey whether the raw client announces half-close in its key
     */
    ServerRig(ServletServer.Container container, WebSocketEngine engine, boolean toldByKey) {
        this.container = container;
        this.engine = engine;
        this.toldByKey = toldByKey;
    }

    @Override
    public Link open(WebSocketTransportOptions options, int receiveBuffer) throws Exception {
        ServletServer server = servers.computeIfAbsent(options, this::start);
        RawWebSocketPeer peer = RawWebSocketPeer.connect(server.address(), receiveBuffer);
        try {
            RawHandshake request = RawHandshake.to(PATH);
            peer.upgrade(toldByKey ? request.halfCloseKey() : request);
            WebSocketStream stream = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "no stream");
            return new Link(peer, stream, server.bufferPool());
        } catch (Throwable failure) {
            peer.close();
            throw failure;
        }
    }

    private ServletServer start(WebSocketTransportOptions options) {
        return container.start(WebSocketUpgradeFilter.builder(options, (stream, request) -> accepted.add(stream))
                .engine(engine)
                .build());
    }

    @Override
    public List<ArrayByteBufferPool.Tracking> pools() {
        return servers.values().stream().map(ServletServer::bufferPool).toList();
    }

    @Override
    public void close() {
        servers.values().forEach(ServletServer::close);
        Rig.assertNoLargeBufferHeld();
    }
}
