package io.v2ws.bench;

import java.io.IOException;
import java.util.List;

/** What each process allocates on the heap while it relays, for every 64 KiB that come through. */
final class Allocation implements Row {
    static final String UNIT = "B/64 KiB";
    private static final double PIECE = 64 * 1024;

    /** The key of a cell. */
    static String key(boolean tls, int connections, Direction direction, String hop) {
        return Throughput.key(tls, connections, direction) + "/" + hop;
    }

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        try (LoadServer upstream = LoadServer.start()) {
            for (boolean tls : bench.effort().tls()) {
                Route route = Route.plain(upstream.address()).withTls(tls);
                try (Lines lines = Lines.start(List.of(V2ws.probed(bench)), route, recorder, tls ? "TLS" : "plain")) {
                    lines.forEach((contender, line) -> measure(bench, recorder, upstream, tls, contender, line));
                }
            }
        }
    }

    private static void measure(
            Bench bench, Recorder recorder, LoadServer upstream, boolean tls, Contender contender, Line line)
            throws IOException, InterruptedException {
        for (int connections : bench.effort().connections()) {
            for (Direction direction : List.of(Direction.UP, Direction.DOWN)) {
                try (LoadRun run = LoadRun.start(upstream, line, direction, connections)) {
                    Thread.sleep(bench.effort().warmUp().toMillis());
                    for (int round = 0; round < bench.effort().rounds(); round++) {
                        long client = allocated(line.client());
                        long server = allocated(line.server());
                        double pieces = run.watch(bench.effort().window()).bytes() / PIECE;
                        double near = (allocated(line.client()) - client) / pieces;
                        double far = (allocated(line.server()) - server) / pieces;
                        recorder.add(key(tls, connections, direction, "client"), contender, UNIT, near);
                        recorder.add(key(tls, connections, direction, "server"), contender, UNIT, far);
                        bench.say(
                                "  %s, bytes allocated per 64 KiB: client %.0f, server %.0f",
                                Throughput.key(tls, connections, direction), near, far);
                    }
                }
            }
        }
    }

    private static long allocated(ChildProcess process) throws IOException {
        return Long.parseLong(process.ask("allocated?"));
    }
}
