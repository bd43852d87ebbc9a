package io.v2ws.bench.micro;

import io.v2ws.EarlyData;
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

/** The codec of early data. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EarlyDataBenchmark {

    /** Bytes of early data. */
    @Param({"64", "512", "2048"})
    public int size;

    private ByteBuffer write;
    private String text;

    /** Makes the first write, and its text. */
    @Setup
    public void makeData() {
        write = ByteBuffer.allocate(size);
        text = EarlyData.encode(write.array());
    }

    /** What a client does. */
    @Benchmark
    public String encode() {
        write.rewind();
        return EarlyData.split(write, size);
    }

    /** What a server does. */
    @Benchmark
    public byte[] decode() {
        return EarlyData.decode(text);
    }
}
