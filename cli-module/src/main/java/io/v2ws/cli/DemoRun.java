package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Measures one mode, with a forwarder in front of the echo and another in front of the measuring service. */
final class DemoRun implements AutoCloseable {
    static final String ECHO = "echo";
    static final String MEASURE = "measure";

    private static final int TUNNELS = 20;
    private static final int READ_TIMEOUT_MILLIS = 30_000;
    private static final long SEED = 0x64656d6f;

    private final WebSocketTransportClient echoClient;
    private final WebSocketTransportClient measureClient;
    private final LocalForwarder echo;
    private final LocalForwarder measure;

    /**
     * The result of one mode.
     *
     * @param allRight whether every received byte was correct
     */
    record Result(long handshakeNanos, long firstByteNanos, long upNanos, long downNanos, boolean allRight) {}

    /** Nanoseconds, and whether all bytes were right. */
    private record Timed(long nanos, boolean right) {}

    DemoRun(DemoMode mode, HostAndPort server) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.echoClient = client(mode, server, ECHO);
        this.measureClient = client(mode, server, MEASURE);
        this.echo = LocalForwarder.start(echoClient, anywhere);
        this.measure = LocalForwarder.start(measureClient, anywhere);
    }

    private static WebSocketTransportClient client(DemoMode mode, HostAndPort server, String service)
            throws IOException {
        return WebSocketTransportClient.builder("ws://" + server)
                .options(mode.options(service))
                .build();
    }

    /** Runs the measured operations once, to load and compile the code. */
    void warmUp(long bytes, int early) throws IOException, InterruptedException, ExecutionException {
        measure(bytes, early);
    }

    Result measure(long bytes, int early) throws IOException, InterruptedException, ExecutionException {
        long[] handshakes = new long[TUNNELS];
        long[] firstBytes = new long[TUNNELS];
        boolean right = true;
        for (int i = 0; i < TUNNELS; i++) {
            handshakes[i] = handshake(early);
            Timed first = firstByte(early);
            firstBytes[i] = first.nanos;
            right &= first.right;
        }
        right &= echoed(bytes / 4);
        Timed up = up(bytes);
        Timed down = down(bytes);
        return new Result(
                median(handshakes), median(firstBytes), up.nanos, down.nanos, right && up.right && down.right);
    }

    @Override
    public void close() {
        echo.close();
        measure.close();
        echoClient.close();
        measureClient.close();
    }

    /** Opens a tunnel and sends the first bytes; with early data, these bytes open the tunnel. */
    private long handshake(int early) throws IOException, InterruptedException, ExecutionException {
        byte[] first = new SeededStream(SEED, early).readAllBytes();
        long start = System.nanoTime();
        WebSocketStream tunnel = echoClient.connect().get();
        tunnel.asOutputStream().write(first);
        long end = System.nanoTime();
        tunnel.close();
        tunnel.closed().get();
        return end - start;
    }

    private Timed firstByte(int early) throws IOException {
        byte[] first = new SeededStream(SEED, early).readAllBytes();
        long start = System.nanoTime();
        try (Socket socket = connect(echo)) {
            socket.getOutputStream().write(first);
            byte[] back = new byte[early];
            int one = socket.getInputStream().read(back, 0, 1);
            long end = System.nanoTime();
            int rest = socket.getInputStream().readNBytes(back, 1, early - 1);
            return new Timed(end - start, one == 1 && rest == early - 1 && Arrays.equals(first, back));
        }
    }

    /** Sends all bytes through the echo, half-closes, and reads to the end. */
    private boolean echoed(long bytes) throws IOException, InterruptedException, ExecutionException {
        String sent = SeededStream.sha256(new SeededStream(SEED, bytes));
        try (Socket socket = connect(echo)) {
            FutureTask<Void> writer = new FutureTask<>(() -> {
                SeededStream.copy(new SeededStream(SEED, bytes), socket.getOutputStream());
                socket.shutdownOutput();
                return null;
            });
            Thread thread = new Thread(writer, "v2ws-demo");
            thread.setDaemon(true);
            thread.start();
            String back = SeededStream.sha256(socket.getInputStream());
            writer.get();
            return sent.equals(back);
        }
    }

    private Timed up(long bytes) throws IOException {
        byte[] sent = SeededStream.sha256(new SeededStream(SEED, bytes), bytes);
        try (Socket socket = connect(measure)) {
            long start = System.nanoTime();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(DemoUpstream.UP);
            out.writeLong(bytes);
            SeededStream.copy(new SeededStream(SEED, bytes), out);
            byte[] arrived = socket.getInputStream().readNBytes(sent.length);
            return new Timed(System.nanoTime() - start, Arrays.equals(sent, arrived));
        }
    }

    private Timed down(long bytes) throws IOException {
        byte[] sent = SeededStream.sha256(new SeededStream(SEED, bytes), bytes);
        try (Socket socket = connect(measure)) {
            long start = System.nanoTime();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(DemoUpstream.DOWN);
            out.writeLong(bytes);
            out.writeLong(SEED);
            byte[] arrived = SeededStream.sha256(socket.getInputStream(), bytes);
            return new Timed(System.nanoTime() - start, Arrays.equals(sent, arrived));
        }
    }

    private static Socket connect(LocalForwarder forwarder) throws IOException {
        InetSocketAddress address = forwarder.localAddress();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
