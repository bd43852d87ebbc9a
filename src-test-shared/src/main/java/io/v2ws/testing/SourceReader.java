package io.v2ws.testing;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;

/**
 * Reads a stream to its end as fast as it comes, on the threads of the stream. Keeps the first megabytes and a digest.
 */
public final class SourceReader {

    private static final int KEPT = 20 << 20;

    private final Content.Source source;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CountingDigest digest = new CountingDigest();
    private final CompletableFuture<Content.Chunk> last = new CompletableFuture<>();
    private int largest;

    private SourceReader(Content.Source source) {
        this.source = source;
    }

    /** Starts to read. */
    public static SourceReader start(Content.Source source) {
        SourceReader reader = new SourceReader(source);
        reader.run();
        return reader;
    }

    private void run() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this::run);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                last.complete(chunk);
                return;
            }
            boolean isLast = chunk.isLast();
            take(chunk);
            chunk.release();
            if (isLast) {
                last.complete(chunk);
                return;
            }
        }
    }

    private synchronized void take(Content.Chunk chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.getByteBuffer().duplicate().get(bytes);
        digest.update(bytes, bytes.length);
        largest = Math.max(largest, bytes.length);
        if (kept.size() < KEPT) {
            kept.writeBytes(bytes);
        }
    }

    /** Bytes read until now. */
    public synchronized long count() {
        return digest.count();
    }

    /** Spins until this many bytes were read: for the tests that wait for every byte. */
    public void awaitCount(long bytes) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (count() < bytes) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected " + bytes + " bytes but was " + count());
            }
            Thread.onSpinWait();
        }
    }

    /** The largest chunk until now. */
    public synchronized int largestChunk() {
        return largest;
    }

    /** What was read until now; only the first megabytes of it. */
    public synchronized byte[] bytes() {
        return kept.toByteArray();
    }

    /** The digest of all that was read, in hexadecimal digits; may be asked for once, at the end. */
    public synchronized String sha256() {
        return digest.sha256();
    }

    /** Whether the end has come. */
    public boolean hasEnded() {
        return last.isDone();
    }

    /** Checks that the end has not come. */
    public void assertOpen() {
        if (hasEnded()) {
            throw new AssertionError("Expected no end but was one", last.join().getFailure());
        }
    }

    /**
     * Waits for exactly these bytes.
     *
     * @throws AssertionError if others came
     */
    public void expect(byte[] bytes) {
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> count() >= bytes.length || hasEnded());
        byte[] read = bytes();
        if (!Arrays.equals(read, bytes)) {
            throw new AssertionError("Expected " + describe(bytes) + " but was " + describe(read)
                    + (hasEnded() ? " and then the end: " + last.join() : ""));
        }
    }

    private static String describe(byte[] bytes) {
        return bytes.length + " bytes with SHA-256 " + Bytes.sha256(bytes);
    }

    /**
     * Waits for the end.
     *
     * @throws AssertionError if it is a failure
     */
    public void expectEof() {
        Content.Chunk chunk = end();
        if (Content.Chunk.isFailure(chunk)) {
            throw new AssertionError("Expected EOF but was a failure", chunk.getFailure());
        }
    }

    /**
     * Waits for the end and returns the failure.
     *
     * @throws AssertionError if it is EOF
     */
    public Throwable expectFailure() {
        Content.Chunk chunk = end();
        if (!Content.Chunk.isFailure(chunk)) {
            throw new AssertionError("Expected a failure but was EOF after " + count() + " bytes");
        }
        return chunk.getFailure();
    }

    private Content.Chunk end() {
        try {
            return last.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("Expected an end but was nothing behind " + count() + " bytes", e);
        }
    }
}
