package io.v2ws.bench;

import io.v2ws.testing.peers.Commands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tunnel costs that does nothing: heap (live objects after a full collection, counted by the JVM), resident
 * memory and threads, for thousands of tunnels that have echoed one message and stay open.
 */
final class Idle implements Row {
    static final String HEAP = "heap per tunnel";
    static final String RESIDENT = "resident per tunnel";
    static final String GROWTH = "resident growth per tunnel";
    static final String THREADS = "threads";
    static final String TUNNELS = "tunnels";

    /** Flags that make a JVM small, for those to whom memory matters more than speed. */
    static final List<String> SMALL_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms16m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20");

    private static final double KILO = 1024;
    private static final int BEFORE = 64;
    private static final int PER_ADDRESS = 1_000;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        V2ws plain = V2ws.direct(bench);
        List<Contender> contenders = recorder.present(bench.contenders(
                plain,
                V2ws.small(bench, SMALL_FLAGS),
                V2ws.jetty(bench),
                new SingBoxContender(bench),
                DebianContender.v2ray(bench),
                DebianContender.shadowsocksPlugin(bench)));
        try (EchoServer upstream = EchoServer.start()) {
            for (int round = 0; round < bench.effort().fewRounds(); round++) {
                for (Contender contender : contenders) {
                    attempt(contender, upstream, recorder, line -> memory(bench, recorder, contender, upstream, line));
                }
                attempt(plain, upstream, recorder, line -> heap(bench, recorder, plain, upstream, line));
            }
        }
    }

    private interface Action {
        void on(Line line) throws IOException, InterruptedException;
    }

    private static void attempt(Contender contender, EchoServer upstream, Recorder recorder, Action action)
            throws IOException, InterruptedException {
        try (Lines lines = Lines.start(List.of(contender), Route.plain(upstream.address()), recorder, "idle tunnels")) {
            lines.forEach((same, line) -> action.on(line));
        }
        awaitNone(upstream);
    }

    private static void memory(Bench bench, Recorder recorder, Contender contender, EchoServer upstream, Line line)
            throws IOException, InterruptedException {
        int count = bench.effort().idleTunnels();
        closeAll(open(line, BEFORE));
        Thread.sleep(bench.effort().settling().toMillis());
        long clientBefore = line.client().residentBytes();
        long serverBefore = line.server().residentBytes();
        List<Tunnel> tunnels = open(line, count);
        try {
            Thread.sleep(bench.effort().settling().toMillis());
            requireAll(upstream, count, line);
            long client = line.client().residentBytes();
            long server = line.server().residentBytes();
            recorder.add(RESIDENT + "/client", contender, "KiB", client / KILO / count);
            recorder.add(RESIDENT + "/server", contender, "KiB", server / KILO / count);
            recorder.add(GROWTH + "/client", contender, "KiB", (client - clientBefore) / KILO / count);
            recorder.add(GROWTH + "/server", contender, "KiB", (server - serverBefore) / KILO / count);
            recorder.add(
                    THREADS + "/client", contender, "threads", line.client().threads());
            recorder.add(
                    THREADS + "/server", contender, "threads", line.server().threads());
            recorder.add(TUNNELS, contender, "tunnels", count);
            bench.say(
                    "  %s: %d tunnels, resident client %.0f MiB, server %.0f MiB",
                    contender.label(), count, client / KILO / KILO, server / KILO / KILO);
        } finally {
            closeAll(tunnels);
        }
    }

    private static void heap(Bench bench, Recorder recorder, Contender contender, EchoServer upstream, Line line)
            throws IOException, InterruptedException {
        int count = bench.effort().idleTunnels();
        closeAll(open(line, BEFORE));
        awaitNone(upstream);
        long clientBefore = liveBytes(line.client());
        long serverBefore = liveBytes(line.server());
        List<Tunnel> tunnels = open(line, count);
        try {
            Thread.sleep(bench.effort().settling().toMillis());
            requireAll(upstream, count, line);
            double client = (liveBytes(line.client()) - clientBefore) / KILO / count;
            double server = (liveBytes(line.server()) - serverBefore) / KILO / count;
            recorder.add(HEAP + "/client", contender, "KiB", client);
            recorder.add(HEAP + "/server", contender, "KiB", server);
            bench.say("  heap per idle tunnel: client %.2f KiB, server %.2f KiB", client, server);
        } finally {
            closeAll(tunnels);
        }
    }

    private static List<Tunnel> open(Line line, int count) throws IOException {
        List<Tunnel> tunnels = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                InetSocketAddress from = new InetSocketAddress("127.0.0." + (2 + i / PER_ADDRESS), 0);
                Tunnel tunnel = new Tunnel(line.entry(), from);
                tunnels.add(tunnel);
                tunnel.echo();
            }
            return tunnels;
        } catch (IOException x) {
            closeAll(tunnels);
            throw new IOException("tunnel " + (tunnels.size() + 1) + ": " + x.getMessage() + line.logTails(), x);
        }
    }

    private static void closeAll(List<Tunnel> tunnels) {
        tunnels.forEach(Tunnel::close);
    }

    private static void requireAll(EchoServer upstream, int count, Line line) throws IOException {
        if (upstream.connections() < count) {
            throw new IOException(
                    (count - upstream.connections()) + " of " + count + " tunnels broke" + line.logTails());
        }
    }

    private static void awaitNone(EchoServer upstream) throws InterruptedException {
        for (int i = 0; i < 500 && upstream.connections() > 0; i++) {
            Thread.sleep(20);
        }
    }

    /** Collects all garbage of a JVM and counts what is left, object by object. */
    private static long liveBytes(ChildProcess process) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(process.pid());
        Matcher total = TOTAL.matcher(Commands.output(jcmd, pid, "GC.class_histogram"));
        if (!total.find()) {
            throw new IOException("jcmd " + pid + " GC.class_histogram: no line \"Total\"");
        }
        return Long.parseLong(total.group(1));
    }
}
