package io.v2ws.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The time from a connection to the first byte of the answer, over a long line: 50 ms each way, TCP handshake included.
 */
final class FirstByte implements Row {
    static final String UNIT = "round trips";
    private static final Duration EACH_WAY = Duration.ofMillis(50);
    private static final double ROUND_TRIP = 2.0 * EACH_WAY.toNanos();
    /** Less than for opening: what is short against a round trip needs no compiler. */
    private static final int WARM_UP_SHARE = 4;

    private static final int PRECONNECTED = 4;
    /** Until the next connection has come through in advance: TCP, TLS and something for the timers. */
    private static final Duration REFILL = Duration.ofMillis(500);

    /** How much of the way is paid in advance. */
    enum Kind {
        /** A fresh connection, an upgrade, then the data. */
        COLD("cold, no early data"),
        /** A fresh connection, data in the upgrade. */
        EARLY_DATA("cold, early data"),
        /** A connection made in advance, data in the upgrade. */
        WARM("warm, early data");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        private Route of(Route route) {
            return route.withEarlyData(this != COLD).withPreconnected(this == WARM ? PRECONNECTED : 0);
        }
    }

    static String key(boolean tls, Kind kind) {
        return (tls ? "TLS, " : "plain, ") + kind.label();
    }

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        List<Contender> contenders = recorder.present(List.of(V2ws.direct(bench), new SingBoxContender(bench)));
        try (EchoServer upstream = EchoServer.start()) {
            for (boolean tls : bench.effort().tls()) {
                for (Kind kind :
                        bench.effort().extras().contains(Extra.WAYS) ? Kind.values() : new Kind[] {Kind.EARLY_DATA}) {
                    Route route =
                            kind.of(Route.plain(upstream.address()).withTls(tls).withDelay(EACH_WAY));
                    measure(bench, recorder, upstream, contenders, route, key(tls, kind));
                }
            }
        }
    }

    private static void measure(
            Bench bench, Recorder recorder, EchoServer upstream, List<Contender> contenders, Route route, String key)
            throws InterruptedException {
        boolean warm = route.preconnected() > 0;
        List<Contender> able = contenders;
        if (warm && !V2ws.direct(bench).offers("forward", "--preconnect")) {
            contenders.stream()
                    .filter(contender -> contender.supports(route))
                    .forEach(contender ->
                            recorder.notMeasured(key, contender, "this build of v2ws has no --preconnect"));
            able = List.of();
        }
        try (Lines lines = Lines.start(able, route, recorder, key)) {
            Duration warmUp = bench.effort().openingWarmUp().dividedBy(WARM_UP_SHARE);
            lines.forEach((contender, line) -> Opening.sample(bench, upstream, line, warmUp));
            for (int i = 0; i < bench.effort().firstBytes(); i++) {
                // Also lets the line come to rest.
                Thread.sleep(REFILL.toMillis());
                lines.forEach((contender, line) -> {
                    double trips = sample(line) / ROUND_TRIP;
                    recorder.add(key, contender, UNIT, trips);
                    bench.say("  %s: %s %.3f round trips", key, contender.id(), trips);
                });
            }
        }
    }

    private static double sample(Line line) throws IOException {
        long start = System.nanoTime();
        try (Tunnel tunnel = new Tunnel(line.entry(), null)) {
            long connected = System.nanoTime();
            return connected - start + tunnel.echo().toNanos();
        }
    }
}
