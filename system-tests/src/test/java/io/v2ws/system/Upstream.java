package io.v2ws.system;

import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The TCP service at the far end of a tunnel: it echoes, unless it was told what to do with the next connection. */
final class Upstream implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Queue<SocketServer.Handler> scripts = new ConcurrentLinkedQueue<>();
    private final SocketServer server;

    /** What to do with one connection. */
    @FunctionalInterface
    interface Conversation<T> {
        T hold(Socket socket) throws IOException;
    }

    Upstream() throws IOException {
        server = new SocketServer("upstream", socket -> {
            socket.setSoTimeout(PATIENCE_MILLIS);
            SocketServer.Handler script = scripts.poll();
            if (script == null) {
                echo(socket);
            } else {
                script.handle(socket);
            }
        });
    }

    int port() {
        return server.port();
    }

    int liveConnections() {
        return server.liveSockets().size();
    }

    /** Holds this conversation on the next connection and closes it; the future has its result or its failure. */
    <T> CompletableFuture<T> next(Conversation<T> conversation) {
        CompletableFuture<T> result = new CompletableFuture<>();
        scripts.add(socket -> {
            try {
                result.complete(conversation.hold(socket));
            } catch (IOException | RuntimeException | Error x) {
                result.completeExceptionally(x);
            }
        });
        return result;
    }

    /** Echoes until the end and says which it was. */
    static End echoUntilEnd(Socket socket) {
        try {
            echo(socket);
            return End.CLEAN;
        } catch (IOException x) {
            return End.RESET;
        }
    }

    private static void echo(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[65_536];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
