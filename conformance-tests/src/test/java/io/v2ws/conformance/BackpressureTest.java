package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F8: a slow reader stops the far writer, and memory stays bounded. */
@EveryEnd
class BackpressureTest extends StreamRules {

    private static final int BLOCK = 32 * 1024;
    private static final long MUCH = 40L << 20;
    private static final long A_FEW_BUFFERS = 512 * 1024;

    @Test
    void f8_aReaderThatDoesNotReadStopsThePeerAndLosesNothing() throws Exception {
        Link link = open();
        link.peer().setTimeoutMillis(0);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> writer = Background.run(() -> send(link.peer(), sent));
        awaitStall(sent::get);
        assertThat(sent.get()).isLessThan(MUCH / 2);
        assertThat(link.bufferedBytes()).isLessThanOrEqualTo(A_FEW_BUFFERS);
        assertThat(link.stream().bytesIn()).isLessThanOrEqualTo(A_FEW_BUFFERS);
        link.read();
        writer.get(20, TimeUnit.SECONDS);
        eventually().until(() -> link.reader().count() == MUCH);
        assertThat(link.reader().sha256()).isEqualTo(Bytes.sha256(Bytes.randomStream(8, MUCH)));
    }

    @Test
    void f8_aChunkThatIsKeptStopsThePeerToo() throws Exception {
        Link link = open();
        link.peer().setTimeoutMillis(0);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> writer = Background.run(() -> send(link.peer(), sent));
        CompletableFuture<Void> ready = new CompletableFuture<>();
        link.stream().demand(() -> ready.complete(null));
        ready.get(10, TimeUnit.SECONDS);
        var kept = link.stream().read();
        byte[] before = copy(kept.getByteBuffer());
        awaitStall(sent::get);
        assertThat(copy(kept.getByteBuffer())).isEqualTo(before);
        assertThat(link.bufferedBytes()).isLessThanOrEqualTo(A_FEW_BUFFERS);
        kept.release();
        link.read();
        writer.get(20, TimeUnit.SECONDS);
        eventually().until(() -> link.reader().count() == MUCH - before.length);
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void send(RawWebSocketPeer peer, AtomicLong sent) throws IOException {
        try (InputStream data = Bytes.randomStream(8, MUCH)) {
            byte[] block = data.readNBytes(BLOCK);
            while (block.length > 0) {
                peer.sendBinary(block);
                sent.addAndGet(block.length);
                block = data.readNBytes(BLOCK);
            }
        }
    }

    /** Waits until a count has not changed for a third of a second. */
    private static void awaitStall(LongSupplier count) {
        long[] seen = {-1, System.nanoTime()};
        eventually().until(() -> {
            long now = count.getAsLong();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return now > 0 && System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(333);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {BLOCK, 1 << 20})
    void f8_aPeerThatDoesNotReadStopsTheWriterAndLosesNothing(int size) throws Exception {
        Link link = openWithSmallBuffer().read();
        CompletableFuture<Void> all = new CompletableFuture<>();
        writeAll(link.stream(), Bytes.randomStream(9, MUCH), size, all);
        awaitStall(link.stream()::bytesOut);
        assertThat(all).isNotDone();
        assertThat(link.stream().bytesOut()).isLessThan(MUCH / 2);
        // A client masks into a copy of what it is just sending.
        assertThat(link.bufferedBytes()).isLessThanOrEqualTo(A_FEW_BUFFERS);
        var digest = Bytes.digest("SHA-256");
        long most = 0;
        for (long read = 0; read < MUCH; read += BLOCK) {
            digest.update(link.peer().readBinary(BLOCK));
            most = Math.max(most, link.bufferedBytes());
        }
        all.get(10, TimeUnit.SECONDS);
        assertThat(most).isLessThanOrEqualTo(A_FEW_BUFFERS);
        assertThat(java.util.HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(Bytes.sha256(Bytes.randomStream(9, MUCH)));
    }

    /** Writes the next block when the last has gone, as the contract wants it. */
    private static void writeAll(WebSocketStream stream, InputStream data, int size, CompletableFuture<Void> all) {
        byte[] block;
        try {
            block = data.readNBytes(size);
        } catch (IOException e) {
            all.completeExceptionally(e);
            return;
        }
        if (block.length == 0) {
            all.complete(null);
            return;
        }
        stream.write(
                false,
                ByteBuffer.wrap(block),
                Callback.from(
                        () -> Background.run(() -> writeAll(stream, data, size, all)), all::completeExceptionally));
    }

    @Test
    void f8_theBuffersOfAStreamComeFromThePoolOfItsOwner() throws Exception {
        assumeTrue(end.sharesBuffers(), "the container has no pool of buffers");
        Link link = open();
        CompletableFuture<Void> ready = new CompletableFuture<>();
        link.stream().demand(() -> ready.complete(null));
        link.peer().sendBinary((byte) 1);
        ready.get(10, TimeUnit.SECONDS);
        assertThat(link.bufferedBytes()).isPositive();
        SourceReader.start(link.stream()).expect(new byte[] {1});
    }

    @Test
    void f8_anIdleStreamHoldsNoBuffer() throws Exception {
        Link link = open().read();
        assertAlive(link);
        eventually().until(() -> link.bufferedBytes() == 0);
    }

    @Test
    void f8_onlyOneReaderMayWait() throws Exception {
        Link link = open().read();
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> link.stream().demand(() -> {}))
                .withMessageContaining("demand pending");
    }
}
