package io.v2ws.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.v2ws.ByteStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** Blocking use of asynchronous streams; everything fails after 10 seconds. */
final class Streams {
    private static final int PATIENCE_SECONDS = 10;

    private Streams() {}

    /** Waits for a future; what it failed with is thrown as it is. */
    static <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, SECONDS);
        } catch (ExecutionException x) {
            throw x.getCause() instanceof Exception cause ? cause : x;
        }
    }

    /** Waits for a future to fail and returns what with. */
    static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            Object result = future.get(PATIENCE_SECONDS, SECONDS);
            throw new AssertionError("Expected a failure but was " + result);
        } catch (ExecutionException x) {
            return x.getCause();
        }
    }

    /** Starts a write. */
    static CompletableFuture<Void> startWrite(Content.Sink stream, boolean last, ByteBuffer buffer) {
        Callback.Completable written = new Callback.Completable();
        stream.write(last, buffer, written);
        return written;
    }

    static CompletableFuture<Void> startWrite(Content.Sink stream, byte... bytes) {
        return startWrite(stream, false, ByteBuffer.wrap(bytes));
    }

    /** Writes and waits. */
    static void write(Content.Sink stream, byte... bytes) throws Exception {
        get(startWrite(stream, bytes));
    }

    /** Waits until there is something to read and returns it. */
    static Content.Chunk nextChunk(Content.Source stream) throws Exception {
        while (true) {
            Content.Chunk chunk = stream.read();
            if (chunk != null) {
                return chunk;
            }
            get(demand(stream));
        }
    }

    /** Demands; the future completes when the demand is called back. */
    static CompletableFuture<Void> demand(Content.Source stream) {
        CompletableFuture<Void> called = new CompletableFuture<>();
        stream.demand(() -> called.complete(null));
        return called;
    }

    /** Reads so many bytes; fails at an earlier end. */
    static byte[] read(ByteStream stream, int count) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            Content.Chunk chunk = nextChunk(stream);
            if (Content.Chunk.isFailure(chunk)) {
                throw new IOException("after " + bytes.size() + " bytes", chunk.getFailure());
            }
            byte[] part = new byte[chunk.remaining()];
            chunk.get(part, 0, part.length);
            bytes.writeBytes(part);
            chunk.release();
            if (chunk.isLast() && bytes.size() < count) {
                throw new AssertionError("Expected " + count + " bytes but was the end after " + bytes.size());
            }
        }
        return bytes.toByteArray();
    }

    /** Waits for the reader to fail and returns what with. */
    static Throwable readFailure(ByteStream stream) throws Exception {
        Content.Chunk chunk = nextChunk(stream);
        if (!Content.Chunk.isFailure(chunk, true)) {
            throw new AssertionError("Expected a failure but was " + chunk);
        }
        return chunk.getFailure();
    }

    /** Waits so long for something that must not happen. */
    static boolean staysIncomplete(CompletableFuture<?> future, long millis) throws Exception {
        try {
            future.get(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException x) {
            return true;
        }
    }
}
