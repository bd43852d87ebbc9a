package io.v2ws.client;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** The real stream behind an early-data stream, as far as a unit test needs one: it notes what is asked of it. */
public final class FakeStream implements WebSocketStream {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    Content.Chunk next;
    Runnable demand;
    private long bytesOut;

    @Override
    public Content.Chunk read() {
        Content.Chunk taken = next;
        next = null;
        return taken;
    }

    @Override
    public void demand(Runnable demandCallback) {
        calls.add("demand");
        demand = demandCallback;
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        bytesOut += byteBuffer.remaining();
        calls.add((last ? "last " : "write ") + StandardCharsets.UTF_8.decode(byteBuffer));
        callback.succeeded();
    }

    @Override
    public boolean canHalfClose() {
        return true;
    }

    @Override
    public void close() {
        calls.add("close");
    }

    @Override
    public void abort(Throwable cause) {
        calls.add("abort " + cause.getMessage());
    }

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public long bytesIn() {
        return 7;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }

    @Override
    public CompletableFuture<Duration> ping(Duration timeout) {
        return CompletableFuture.completedFuture(Duration.ofNanos(3));
    }

    @Override
    public long pingsReceived() {
        return 4;
    }

    @Override
    public int closeCode() {
        return 1000;
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("local", 1);
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("remote", 2);
    }
}
