package io.v2ws.cli;

import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code v2ws bench}: throughput of one tunnel. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = "v2ws bench [--bytes=SIZE] [--up|--down|--both] [OPTIONS] URL|LINK",
        description = {
            "Measures one tunnel that ends in an echo, such as 'v2ws serve' without --forward.",
            "",
            "A first tunnel warms both ends up. Then pseudo-random bytes go up without a pause while what comes"
                    + " back is read and compared with what was sent."
                    + " An echo returns everything, so both directions are always busy; --up and --down choose what is"
                    + " timed. Rates are in millions of bytes per second, each way."
        },
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n")
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL|LINK",
            description =
                    "ws://HOST[:PORT]/PATH or wss://…, or a share link (vless, trojan, vmess), which gives address,"
                            + " TLS name and transport. Required, here, in the file or in --transport.")
    private String url;

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            defaultValue = "1G",
            description = "How much to send: 64K, 100M, 1G. Default: 1G.")
    private Converters.ByteSize size;

    @ArgGroup(exclusive = true)
    private Direction direction;

    @ArgGroup(validate = false, heading = "%nConnection:%n")
    private final ClientGroup client = new ClientGroup();

    @ArgGroup(validate = false, heading = "%nTransport:%n")
    private final TransportGroup transport = new TransportGroup();

    /** At most one of the three options. */
    private static final class Direction {
        @Option(
                names = "--up",
                description = "Time from the first byte written until the tunnel has taken the last one. What is then"
                        + " still on its way counts as carried, so choose --bytes well above a few megabytes.")
        private boolean up;

        @Option(names = "--down", description = "Time from the first byte that comes back to the last one.")
        private boolean down;

        @Option(
                names = "--both",
                description = "Time from the first byte written to the last one back, and the two above. The default.")
        private boolean both;
    }

    @Override
    public Integer call() throws Exception {
        ClientSetup setup = ClientSetup.of(spec, url, transport, client);
        BenchResult result;
        try (WebSocketTransportClient tunnels = setup.start(spec)) {
            Progress progress = new Progress(System.err, Progress.isTerminal(), size.bytes());
            result = new BenchRun(tunnels, size.bytes(), progress).run();
        } catch (IOException | ExecutionException x) {
            throw setup.named(x);
        }
        boolean all = direction == null || direction.both;
        print("%s there and back through %s", size, setup.url());
        print("first byte back  %9.1f ms", result.firstByteNanos() / 1e6);
        if (all || direction.up) {
            print("up               %9.1f MB/s", OutputFormat.rate(size.bytes(), result.upNanos()));
        }
        if (all || direction.down) {
            print("down             %9.1f MB/s", OutputFormat.rate(size.bytes(), result.downNanos()));
        }
        if (all) {
            print("both             %9.1f MB/s each way", OutputFormat.rate(size.bytes(), result.bothNanos()));
        }
        print("Every byte came back as it was sent.");
        return 0;
    }

    private void print(String format, Object... arguments) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
    }
}
