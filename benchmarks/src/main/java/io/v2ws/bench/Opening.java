package io.v2ws.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Tunnels opened, used for one echo and closed again, each until the far end saw it close, by parallel workers. */
final class Opening implements Row {
    static final String UNIT = "tunnels/s";

    /** More than one of so many failed tunnels fail the sample. */
    private static final int MOST_FAILED = 100;

    private static final int SOME = 200;

    /** So many samples that are not faster than the fastest one, by so much, end the warm-up. */
    private static final int STEADY = 8;

    private static final double FASTER = 1.03;

    static String key(boolean tls) {
        return tls ? "TLS" : "plain";
    }

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        var contenders = recorder.present(bench.contenders(
                V2ws.direct(bench), V2ws.jetty(bench), V2ws.conscrypt(bench), new SingBoxContender(bench)));
        try (EchoServer upstream = EchoServer.start()) {
            for (boolean tls : bench.effort().tls()) {
                Route route = Route.plain(upstream.address()).withTls(tls);
                try (Lines lines = Lines.start(contenders, route, recorder, key(tls))) {
                    lines.forEach((contender, line) -> {
                        bench.say("  warming up: %s", contender.label());
                        warmUp(bench, upstream, line);
                    });
                    for (int round = 1; round <= bench.effort().rounds(); round++) {
                        int shown = round;
                        lines.forEach((contender, line) -> {
                            double rate =
                                    sample(bench, upstream, line, bench.effort().opening());
                            recorder.add(key(tls), contender, UNIT, rate);
                            bench.say("  %s, round %d: %s %.0f tunnels/s", key(tls), shown, contender.id(), rate);
                        });
                    }
                }
            }
        }
    }

    /** Opens tunnels until that gets no faster: all of an upgrade has to be compiled first, which takes many. */
    private static void warmUp(Bench bench, EchoServer upstream, Line line) throws IOException, InterruptedException {
        long end = System.nanoTime() + bench.effort().openingWarmUp().toNanos();
        double best = 0;
        int noFaster = 0;
        while (System.nanoTime() < end && noFaster < STEADY) {
            double rate = sample(bench, upstream, line, bench.effort().opening());
            noFaster = rate > best * FASTER ? 0 : noFaster + 1;
            best = Math.max(best, rate);
        }
    }

    /** Opens tunnels for a while and returns how many a second. */
    static double sample(Bench bench, EchoServer upstream, Line line, Duration window)
            throws IOException, InterruptedException {
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        AtomicReference<IOException> failure = new AtomicReference<>();
        long start = System.nanoTime();
        long end = start + window.toNanos();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < bench.effort().workers(); i++) {
            workers.add(Threads.start("opening", () -> {
                while (System.nanoTime() < end && failed.sum() * MOST_FAILED <= done.sum() + SOME) {
                    try {
                        openEchoClose(upstream, line);
                        done.increment();
                    } catch (IOException x) {
                        failed.increment();
                        failure.set(x);
                    }
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        if (failed.sum() * MOST_FAILED > done.sum() + SOME) {
            throw new IOException(
                    failed + " of " + (done.sum() + failed.sum()) + " tunnels failed, the last one by: "
                            + failure.get().getMessage() + line.logTails(),
                    failure.get());
        }
        if (failed.sum() > 0) {
            bench.say("  %d of %d tunnels failed: %s", failed.sum(), done.sum() + failed.sum(), failure.get());
        }
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }

    private static void openEchoClose(EchoServer upstream, Line line) throws IOException {
        try (Tunnel tunnel = new Tunnel(line.entry(), null)) {
            tunnel.echo();
            tunnel.closeThrough(upstream);
        } catch (InterruptedException x) {
            throw new IOException("interrupted", x);
        }
    }
}
