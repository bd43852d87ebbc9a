package io.v2ws.bench.micro;

import io.v2ws.internal.websocket.FrameHeader;
import io.v2ws.internal.websocket.Mask;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Masking one payload in place. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MaskBenchmark {
    private static final int KEY = 0x12ab34cd;

    /** Bytes of payload. */
    @Param({"64", "1024", "16384", "65522"})
    public int size;

    private ByteBuffer buffer;

    /** Makes the payload, as a client has it: behind room for a header. */
    @Setup
    public void makeBuffer() {
        buffer = ByteBuffer.allocateDirect(FrameHeader.MAX_SIZE + size);
    }

    /** From the start of a payload. */
    @Benchmark
    public ByteBuffer whole() {
        Mask.apply(buffer, FrameHeader.MAX_SIZE, FrameHeader.MAX_SIZE + size, KEY, 0);
        return buffer;
    }

    /** A piece that begins in the middle of a key. */
    @Benchmark
    public ByteBuffer piece() {
        Mask.apply(buffer, FrameHeader.MAX_SIZE, FrameHeader.MAX_SIZE + size, KEY, 3);
        return buffer;
    }
}
