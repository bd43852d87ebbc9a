package io.v2ws.client;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;

/**
 * The part of a stream that only reports: from the opened stream once there is one, from {@link UnopenedStream} before.
 */
abstract class DelegatingStream implements WebSocketStream {
    private final CompletableFuture<StreamOutcome> closed = new CompletableFuture<>();
    /** Written by the subclass under its lock, read by any thread. */
    private volatile WebSocketStream stream = UnopenedStream.INSTANCE;
    /** Bytes of early data, once the upgrade has succeeded. */
    private volatile int earlyBytes;
    /** What readers get instead of the opened stream's chunks; written by the subclass under its lock. */
    private volatile Content.Chunk end;

    final WebSocketStream stream() {
        return stream;
    }

    final boolean isOpened() {
        return stream != UnopenedStream.INSTANCE;
    }

    final void setStream(WebSocketStream opened, int newEarlyBytes) {
        earlyBytes = newEarlyBytes;
        stream = opened;
    }

    /** Ends when the opened stream does. */
    final void closeAfter(WebSocketStream opened) {
        opened.closed()
                .thenAccept(outcome -> closed.complete(new StreamOutcome(
                        outcome.bytesIn(),
                        outcome.bytesOut() + earlyBytes,
                        outcome.failure(),
                        outcome.closeCode(),
                        outcome.discardedText())));
    }

    /** Sets the last chunk for readers, unless there is one. */
    final void endInput(Content.Chunk last) {
        if (end == null) {
            end = last;
        }
    }

    final boolean isInputEnded() {
        return end != null;
    }

    @Override
    public Content.Chunk read() {
        Content.Chunk last = end;
        return last != null ? last : stream.read();
    }

    @Override
    public final CompletableFuture<StreamOutcome> closed() {
        return closed;
    }

    @Override
    public final boolean canHalfClose() {
        return stream.canHalfClose();
    }

    @Override
    public final long bytesIn() {
        return stream.bytesIn();
    }

    @Override
    public final long bytesOut() {
        return stream.bytesOut() + earlyBytes;
    }

    @Override
    public final CompletableFuture<Duration> ping(Duration timeout) {
        return stream.ping(timeout);
    }

    @Override
    public final long pingsReceived() {
        return stream.pingsReceived();
    }

    @Override
    public final int closeCode() {
        return stream.closeCode();
    }

    @Override
    public final SocketAddress localAddress() {
        return stream.localAddress();
    }

    @Override
    public final SocketAddress remoteAddress() {
        return stream.remoteAddress();
    }
}
