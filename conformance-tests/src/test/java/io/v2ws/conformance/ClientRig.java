package io.v2ws.conformance;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** The client under test; the raw peer is the server. */
final class ClientRig implements Rig {
    private final WebSocketEngine engine;
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final TcpConnector connector =
            new TcpConnector(new QueuedThreadPool(), new ScheduledExecutorScheduler("test-scheduler", true), pool);
    private final List<WebSocketTransportClient> clients = new ArrayList<>();

    ClientRig(WebSocketEngine engine) throws Exception {
        this.engine = engine;
        connector.start();
    }

    @Override
    public Link open(WebSocketTransportOptions options, int receiveBuffer) throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            if (receiveBuffer > 0) {
                listener.setReceiveBufferSize(receiveBuffer);
            }
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            listener.setSoTimeout(10_000);
            CompletableFuture<WebSocketStream> opening =
                    client(options, listener.getLocalPort()).connect();
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            try {
                peer.acceptUpgrade();
                return new Link(peer, opening.get(10, TimeUnit.SECONDS), pool);
            } catch (Throwable failure) {
                peer.close();
                throw failure;
            }
        }
    }

    private WebSocketTransportClient client(WebSocketTransportOptions options, int port) throws Exception {
        WebSocketTransportClient client = WebSocketTransportClient.builder("ws://127.0.0.1:" + port + PATH)
                .options(options)
                .connector(connector)
                .engine(engine)
                .build();
        clients.add(client);
        return client;
    }

    @Override
    public List<ArrayByteBufferPool.Tracking> pools() {
        return List.of(pool);
    }

    @Override
    public void close() throws Exception {
        clients.forEach(WebSocketTransportClient::close);
        connector.stop();
        Rig.assertNoLargeBufferHeld();
    }
}
