package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.server.standalone.Tunnel;
import io.v2ws.server.standalone.TunnelServer;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code v2ws demo}: both ends and a service between them, on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Tries everything on this machine: TCP, forwarder, WebSocket, server, TCP and back, without and with early"
                    + " data.",
            "",
            "Starts an echo, a server and forwarders on free loopback ports, sends data through them, checks every byte"
                    + " by SHA-256, and ends with 0 if all was right."
        },
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "handshake   from connect to the open tunnel, first bytes included",
            "first byte  from the TCP connect to the first byte of the echo",
            "up, down    one direction at a time, the data's SHA-256 computed on the way",
            "Medians of 20 tunnels each; MB are millions of bytes."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int EARLY = 16;
    private static final long WARM_UP = 4L << 20;
    private static final long MEASURED = 32L << 20;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        try (DemoUpstream echo = DemoUpstream.echo();
                DemoUpstream measure = DemoUpstream.measure();
                TunnelServer server = server(echo, measure).start()) {
            Logs.say("echo on %s, server on ws://%s", echo.address(), server.address());
            // The first run loads and compiles code, so it does not count.
            for (DemoMode mode : DemoMode.values()) {
                try (DemoRun run = new DemoRun(mode, server.address())) {
                    run.warmUp(WARM_UP, EARLY);
                }
            }
            print("%-15s %12s %12s %11s %11s  %s", "early data", "handshake", "first byte", "up", "down", "SHA-256");
            boolean fine = true;
            for (DemoMode mode : DemoMode.values()) {
                try (DemoRun run = new DemoRun(mode, server.address())) {
                    fine &= report(mode, run.measure(MEASURED, EARLY));
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (fine) {
                print("All three carried every byte; %.1f s.", seconds);
            } else {
                print("Something arrived that was not sent.");
            }
            return fine ? 0 : 1;
        }
    }

    private static TunnelServer.Builder server(DemoUpstream echo, DemoUpstream measure) {
        TunnelServer.Builder server = TunnelServer.builder(new HostAndPort("127.0.0.1", 0));
        for (DemoMode mode : DemoMode.values()) {
            server.tunnel(Tunnel.forward(mode.options(DemoRun.ECHO), echo.address()));
            server.tunnel(Tunnel.forward(mode.options(DemoRun.MEASURE), measure.address()));
        }
        return server;
    }

    private boolean report(DemoMode mode, DemoRun.Result result) {
        print(
                "%-15s %9.2f ms %9.2f ms %6.0f MB/s %6.0f MB/s  %s",
                mode.label(),
                result.handshakeNanos() / 1e6,
                result.firstByteNanos() / 1e6,
                OutputFormat.rate(MEASURED, result.upNanos()),
                OutputFormat.rate(MEASURED, result.downNanos()),
                result.allRight() ? "equal" : "DIFFERENT");
        return result.allRight();
    }

    private void print(String format, Object... arguments) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
    }
}
