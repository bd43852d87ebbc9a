package io.v2ws.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a new tunnel, and one that is open, wait for an echo while others carry all they can: what a user of a proxy
 * notices of the other users.
 */
final class LatencyUnderLoad implements Row {
    static final String UNIT = "ms";

    private static final int PATIENCE_MILLIS = 20_000;

    /** The key of a figure. */
    static String key(boolean tls, Direction direction, String what) {
        return (tls ? "TLS, " : "plain, ") + direction.id() + ", " + what;
    }

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        var contenders = recorder.present(bench.contenders(
                V2ws.direct(bench), V2ws.jetty(bench), V2ws.conscrypt(bench), new SingBoxContender(bench)));
        try (LoadServer upstream = LoadServer.start()) {
            for (boolean tls : bench.effort().tls()) {
                Route route = Route.plain(upstream.address()).withTls(tls);
                try (Lines lines = Lines.start(contenders, route, recorder, tls ? "TLS" : "plain")) {
                    warmUp(bench, upstream, lines);
                    for (int round = 0; round < bench.effort().fewRounds(); round++) {
                        for (Direction direction : Direction.values()) {
                            lines.forEach((contender, line) -> {
                                Waits waits = sample(bench, upstream, line, direction);
                                recorder.add(key(tls, direction, "new tunnel"), contender, UNIT, waits.fresh());
                                recorder.add(key(tls, direction, "open tunnel"), contender, UNIT, waits.open());
                                recorder.add(key(tls, direction, "load"), contender, Throughput.UNIT, waits.load());
                                bench.say(
                                        "  %s: %s new tunnel %.1f ms, open tunnel %.1f ms, beside %.0f MB/s",
                                        tls ? "TLS" : "plain",
                                        contender.id() + ", " + direction.id(),
                                        waits.fresh(),
                                        waits.open(),
                                        waits.load());
                            });
                        }
                    }
                }
            }
        }
    }

    private static void warmUp(Bench bench, LoadServer upstream, Lines lines) throws InterruptedException {
        lines.forEach((contender, line) -> {
            bench.say("  warming up: %s", contender.label());
            for (Direction direction : Direction.values()) {
                LoadRun.sample(
                        upstream,
                        line,
                        direction,
                        busy(bench),
                        Duration.ZERO,
                        bench.effort().warmUp());
            }
        });
    }

    private static int busy(Bench bench) {
        return bench.effort().connections().get(bench.effort().connections().size() - 1);
    }

    /**
     * What one sample says.
     *
     * @param fresh milliseconds from the connect to the first byte of the echo, the median
     * @param open milliseconds for an echo over a tunnel that is open, the median
     * @param load MB/s that the others carried meanwhile
     */
    private record Waits(double fresh, double open, double load) {}

    private static Waits sample(Bench bench, LoadServer upstream, Line line, Direction direction)
            throws IOException, InterruptedException {
        List<Double> fresh = new ArrayList<>();
        List<Double> open = new ArrayList<>();
        try (LoadRun run = LoadRun.start(upstream, line, direction, busy(bench));
                Socket tunnel = new Socket()) {
            echo(tunnel, line);
            Thread.sleep(bench.effort().leadIn().toMillis());
            long begin = System.nanoTime();
            LoadRun.Watch watch = run.watch();
            do {
                try (Socket another = new Socket()) {
                    fresh.add(echo(another, line));
                }
                open.add(echo(tunnel, line));
            } while (System.nanoTime() - begin < 2 * bench.effort().window().toNanos());
            return new Waits(median(fresh), median(open), watch.end().megabytesPerSecond());
        }
    }

    /** Connects if need be, sends a byte, and returns the milliseconds until it is back. */
    private static double echo(Socket socket, Line line) throws IOException {
        long start = System.nanoTime();
        if (!socket.isConnected()) {
            socket.connect(line.entry());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
        socket.getOutputStream().write(LoadServer.ECHO);
        if (socket.getInputStream().read() != LoadServer.ECHO) {
            throw new IOException("no echo" + line.logTails());
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(List<Double> samples) {
        return new Measurement("", "", UNIT, samples).median();
    }
}
