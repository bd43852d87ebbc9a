package io.v2ws.system;

import io.v2ws.testing.Background;
import io.v2ws.testing.SocketServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A TCP relay that remembers what went through its first connection. */
final class RecordingRelay implements AutoCloseable {
    private final CompletableFuture<byte[]> there = new CompletableFuture<>();
    private final CompletableFuture<byte[]> back = new CompletableFuture<>();
    private final SocketServer server;

    /** Starts a relay to a port of 127.0.0.1. */
    RecordingRelay(int target) throws IOException {
        server = new SocketServer("recorder", near -> {
            try (Socket far = new Socket(InetAddress.getByName("127.0.0.1"), target)) {
                CompletableFuture<Void> returning = Background.run(() -> copy(far, near, back));
                copy(near, far, there);
                returning.join();
            }
        });
    }

    int port() {
        return server.port();
    }

    /** Waits for the end of the way there and returns what went it. */
    byte[] there() throws Exception {
        return there.get(10, TimeUnit.SECONDS);
    }

    /** Waits for the end of the way back and returns what went it. */
    byte[] back() throws Exception {
        return back.get(10, TimeUnit.SECONDS);
    }

    private static void copy(Socket from, Socket to, CompletableFuture<byte[]> copied) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        byte[] buffer = new byte[65_536];
        try {
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                seen.write(buffer, 0, count);
                to.getOutputStream().write(buffer, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException ended) {
            // One side closed both ways at once, as sing-box does: what it sent before counts.
        }
        copied.complete(seen.toByteArray());
    }

    @Override
    public void close() {
        server.close();
    }
}
