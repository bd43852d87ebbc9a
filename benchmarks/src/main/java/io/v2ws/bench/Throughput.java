package io.v2ws.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Upload, download and both at once, over one and over many connections, plain and with TLS. */
final class Throughput implements Row {
    static final String UNIT = "MB/s";
    static final String CPU = "/cpu";
    private static final String CPU_UNIT = "CPU s/GB";

    /** The key of a cell. */
    static String key(boolean tls, int connections, Direction direction) {
        return (tls ? "tls/" : "plain/") + connections + "/" + direction.id();
    }

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        var contenders = recorder.present(bench.contenders(
                V2ws.direct(bench),
                V2ws.jetty(bench),
                V2ws.conscrypt(bench),
                new PlainRelay(bench),
                new SingBoxContender(bench),
                DebianContender.v2ray(bench),
                DebianContender.shadowsocksPlugin(bench),
                new NoProcess()));
        try (LoadServer upstream = LoadServer.start()) {
            for (boolean tls : bench.effort().tls()) {
                Route route = Route.plain(upstream.address()).withTls(tls);
                try (Lines lines = Lines.start(contenders, route, recorder, tls ? "TLS" : "plain")) {
                    warmUp(bench, upstream, lines);
                    // Round by round through all cells: a machine that gets slower meanwhile does so for all alike.
                    for (int round = 1; round <= bench.effort().rounds(); round++) {
                        bench.say(
                                "  %s, round %d of %d",
                                tls ? "TLS" : "plain", round, bench.effort().rounds());
                        for (int connections : bench.effort().connections()) {
                            for (Direction direction : Direction.values()) {
                                cell(bench, recorder, upstream, lines, tls, connections, direction);
                            }
                        }
                    }
                }
            }
        }
    }

    private static void warmUp(Bench bench, LoadServer upstream, Lines lines) throws InterruptedException {
        Duration each = bench.effort().warmUp().dividedBy(2);
        lines.forEach((contender, line) -> {
            bench.say("  warming up: %s", contender.label());
            for (int connections : bench.effort().connections()) {
                for (Direction direction : Direction.values()) {
                    LoadRun.sample(upstream, line, direction, connections, Duration.ZERO, each);
                }
            }
        });
    }

    /** One sample of each. */
    private static void cell(
            Bench bench,
            Recorder recorder,
            LoadServer upstream,
            Lines lines,
            boolean tls,
            int connections,
            Direction direction)
            throws InterruptedException {
        String key = key(tls, connections, direction);
        StringBuilder shown = new StringBuilder();
        lines.forEach((contender, line) -> {
            LoadRun.Sample sample = LoadRun.sample(
                    upstream,
                    line,
                    direction,
                    connections,
                    bench.effort().leadIn(),
                    bench.effort().window());
            recorder.add(key, contender, UNIT, sample.megabytesPerSecond());
            recorder.add(key + CPU, contender, CPU_UNIT, sample.cpuSecondsPerGigabyte());
            shown.append(String.format(Locale.ROOT, "  %s %.0f", contender.id(), sample.megabytesPerSecond()));
        });
        bench.say("  %s, MB/s:%s", key, shown);
    }
}
