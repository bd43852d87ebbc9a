package io.v2ws.client;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** The null object of streams: what a stream reports before its upgrade, and after an upgrade that failed. */
final class UnopenedStream implements WebSocketStream {
    static final WebSocketStream INSTANCE = new UnopenedStream();

    private UnopenedStream() {}

    @Override
    public Content.Chunk read() {
        return null;
    }

    @Override
    public void demand(Runnable demandCallback) {
        throw notOpen();
    }

    @Override
    public void write(boolean last, ByteBuffer byteBuffer, Callback callback) {
        throw notOpen();
    }

    @Override
    public boolean canHalfClose() {
        return false;
    }

    @Override
    public void close() {
        throw notOpen();
    }

    /** Does nothing: there is no connection to abort. */
    @Override
    public void abort(Throwable cause) {}

    @Override
    public CompletableFuture<StreamOutcome> closed() {
        throw notOpen();
    }

    @Override
    public long bytesIn() {
        return 0;
    }

    @Override
    public long bytesOut() {
        return 0;
    }

    @Override
    public CompletableFuture<Duration> ping(Duration timeout) {
        return CompletableFuture.failedFuture(new IOException("no ping before the upgrade, or after it failed"));
    }

    @Override
    public long pingsReceived() {
        return 0;
    }

    @Override
    public int closeCode() {
        return WebSocketCloseException.NO_CLOSE_FRAME;
    }

    @Override
    public SocketAddress localAddress() {
        return null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    private static IllegalStateException notOpen() {
        return new IllegalStateException("the stream is not open");
    }
}
