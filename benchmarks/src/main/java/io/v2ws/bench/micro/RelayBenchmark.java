package io.v2ws.bench.micro;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.UpgradeOffer;
import io.v2ws.relay.Relay;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Relaying frames between a WebSocket and a TCP stream, all of it but the network. An operation is one frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RelayBenchmark {
    private static final int FRAMES = 64;
    /** Work that changes the thread stays on the one there is. */
    private static final Executor HERE = Runnable::run;

    /** Bytes of payload. */
    @Param({"64", "1024", "16384", "65522"})
    public int size;

    private ScheduledExecutorScheduler scheduler;
    private ByteBuffer masked;
    private ByteBuffer unmasked;
    private MemoryEndPoint server;
    private MemoryEndPoint client;
    private MemoryStream toServer;
    private MemoryStream toClient;

    /** Opens a tunnel for each benchmark. */
    @Setup
    public void open() throws Exception {
        scheduler = new ScheduledExecutorScheduler("benchmark", true);
        scheduler.start();
        masked = MemoryEndPoint.frames(size, FRAMES, true);
        unmasked = MemoryEndPoint.frames(size, FRAMES, false);
        server = new MemoryEndPoint();
        client = new MemoryEndPoint();
        toServer = relay(server, false);
        toClient = relay(client, true);
    }

    private MemoryStream relay(MemoryEndPoint endPoint, boolean role) {
        ArrayByteBufferPool pool = new ArrayByteBufferPool();
        MemoryStream tcp = new MemoryStream(pool, size);
        var options =
                WebSocketTransportOptions.builder().pingInterval(Duration.ZERO).build();
        AtomicReference<WebSocketStream> opened = new AtomicReference<>();
        FrameConnection connection = role
                ? FrameConnection.client(endPoint, HERE, pool, scheduler, options, opened::set)
                : FrameConnection.server(endPoint, HERE, pool, scheduler, options, UpgradeOffer.NONE, opened::set);
        endPoint.setConnection(connection);
        connection.onOpen();
        Relay.start(tcp, opened.get(), Duration.ofSeconds(1), scheduler, HERE);
        return tcp;
    }

    /** Ends the tunnels. */
    @TearDown
    public void close() throws Exception {
        server.close();
        client.close();
        scheduler.stop();
    }

    /** Upload at the server: masked frames to TCP. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void serverUpload() {
        drained(server, masked);
    }

    /** Download at the client: unmasked frames to TCP. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void clientDownload() {
        drained(client, unmasked);
    }

    private static void drained(MemoryEndPoint endPoint, ByteBuffer frames) {
        endPoint.feed(frames);
        if (!endPoint.isDrained()) {
            throw new IllegalStateException("the relay left frames behind");
        }
    }

    /** Upload at the client: TCP to masked frames. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void clientUpload() {
        drained(toClient);
    }

    /** Download at the server: TCP to unmasked frames. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void serverDownload() {
        drained(toServer);
    }

    private static void drained(MemoryStream tcp) {
        tcp.feed(FRAMES);
        if (!tcp.isDrained()) {
            throw new IllegalStateException("the relay left chunks behind");
        }
    }
}
