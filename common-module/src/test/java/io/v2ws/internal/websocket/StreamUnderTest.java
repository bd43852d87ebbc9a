package io.v2ws.internal.websocket;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.ReadBuffers;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * A stream as the fixtures see it, which know no module of ours. The rigs of the server and of the client take it from
 * this module's test jar.
 */
public record StreamUnderTest(WebSocketStream stream) implements FrameStream {

    /** The path of the options. */
    public static final String PATH = "/tunnel";

    /** Says in our words what the fixtures ask for. */
    public static WebSocketTransportOptions options(FrameOptions options) {
        return WebSocketTransportOptions.builder()
                .path(PATH)
                .halfClose(options.halfClose())
                .pingInterval(options.pingInterval())
                .pongTimeout(options.pongTimeout())
                .closeTimeout(options.closeTimeout())
                .closeWriteTimeout(options.closeWriteTimeout())
                .halfCloseLinger(options.linger())
                .build();
    }

    /** Waits until all large buffers, which no tracking pool knows of, were given back. */
    public static void assertNoLargeBuffersHeld() {
        Awaitility.await("all large buffers to be given back").until(() -> ReadBuffers.largeOnesHeld() == 0);
    }

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
    public int closeCode() {
        return stream.closeCode();
    }

    @Override
    public int codeOf(Throwable failure) {
        return failure instanceof WebSocketCloseException close ? close.code() : -1;
    }
}
