package io.v2ws.bench.micro;

import io.v2ws.WebSocketCloseException;
import io.v2ws.internal.websocket.FrameHeader;
import io.v2ws.internal.websocket.FrameParser;
import io.v2ws.internal.websocket.FrameWriter;
import io.v2ws.internal.websocket.Role;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.Callback;
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

/** Parsing and writing one frame, without a network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {

    /** Bytes of payload. */
    @Param({"64", "1024", "16384", "65522"})
    public int size;

    private ByteBuffer masked;
    private ByteBuffer unmasked;
    private ByteBuffer payload;
    private FrameParser serverParser;
    private FrameParser clientParser;
    private FrameWriter serverWriter;
    private FrameWriter clientWriter;

    /** Makes one frame of each kind. */
    @Setup
    public void makeFrames() {
        masked = MemoryEndPoint.frames(size, 1, true);
        unmasked = MemoryEndPoint.frames(size, 1, false);
        payload = ByteBuffer.allocateDirect(FrameHeader.MAX_SIZE + size);
        serverParser = new FrameParser(Role.SERVER);
        clientParser = new FrameParser(Role.CLIENT);
        serverWriter = new FrameWriter(new MemoryEndPoint(), new ArrayByteBufferPool(), Role.SERVER, failure -> {});
        clientWriter = new FrameWriter(new MemoryEndPoint(), new ArrayByteBufferPool(), Role.CLIENT, failure -> {});
    }

    /** Header and unmasking: what a server does. */
    @Benchmark
    public int parseMasked() throws WebSocketCloseException {
        return parse(serverParser, masked);
    }

    /** The header alone: what a client does. */
    @Benchmark
    public int parseUnmasked() throws WebSocketCloseException {
        return parse(clientParser, unmasked);
    }

    private static int parse(FrameParser parser, ByteBuffer frame) throws WebSocketCloseException {
        frame.rewind();
        parser.parse(frame);
        int start = frame.position();
        parser.unmask(frame, start, frame.limit());
        parser.endFrame();
        return start;
    }

    /** Header and masking, in place: what a client does. */
    @Benchmark
    public void writeMasked() {
        clientWriter.data(
                payload.limit(FrameHeader.MAX_SIZE + size).position(FrameHeader.MAX_SIZE), true, Callback.NOOP);
    }

    /** The header, in place: what a server does. */
    @Benchmark
    public void writeUnmasked() {
        serverWriter.data(
                payload.limit(FrameHeader.MAX_SIZE + size).position(FrameHeader.MAX_SIZE), true, Callback.NOOP);
    }

    /** Somebody else's buffer, which is copied to be masked. */
    @Benchmark
    public void writeMaskedCopy() {
        clientWriter.data(
                payload.limit(FrameHeader.MAX_SIZE + size).position(FrameHeader.MAX_SIZE), false, Callback.NOOP);
    }
}
