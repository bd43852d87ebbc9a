package io.v2ws.server;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes every tunnel and reads it to its end on a thread of its own, so that a test can see what was delivered. */
final class RecordingHandler implements TunnelHandler {
    private static final int PATIENCE_SECONDS = 10;

    /**
     * One tunnel.
     *
     * @param all the whole stream, once it has ended in order
     */
    record Tunnel(WebSocketStream stream, TunnelRequest request, CompletableFuture<byte[]> all) {

        /** Waits for the end of the stream. */
        byte[] bytes() throws Exception {
            return all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private final BlockingQueue<Tunnel> tunnels = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        Tunnel tunnel = new Tunnel(stream, request, new CompletableFuture<>());
        new Thread(() -> record(tunnel), "recorder-" + count.incrementAndGet()).start();
        tunnels.add(tunnel);
    }

    private static void record(Tunnel tunnel) {
        try {
            byte[] bytes = tunnel.stream().asInputStream().readAllBytes();
            tunnel.stream().close();
            tunnel.all().complete(bytes);
        } catch (IOException x) {
            tunnel.stream().abort(x);
            tunnel.all().completeExceptionally(x);
        }
    }

    /** Waits for the next tunnel. */
    Tunnel next() throws InterruptedException {
        Tunnel tunnel = tunnels.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (tunnel == null) {
            throw new AssertionError("Expected a tunnel but none came");
        }
        return tunnel;
    }

    /** How many tunnels came until now. */
    int count() {
        return count.get();
    }
}
