package io.v2ws.cli;

import io.v2ws.cli.probe.JsonReport;
import io.v2ws.cli.probe.Probe;
import io.v2ws.cli.probe.ProbeLimits;
import io.v2ws.cli.probe.ProbeReport;
import io.v2ws.cli.probe.ProbeTarget;
import io.v2ws.cli.probe.TextReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code v2ws probe}: shows how proxies and CDNs treat a tunnel. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = "v2ws probe [--json] [--idle=TIME] [OPTIONS] URL",
        description = {
            "Looks at a tunnel step by step, as the client that would use it, and says what a proxy or CDN on the way"
                    + " does to it.",
            "",
            "DNS, TCP, TLS, upgrade, early data in the path and in a header, and how much of it survives, subprotocol,"
                    + " pings, round trips, throughput, close; with --idle, how long a silent tunnel lives. All of"
                    + " it needs a tunnel that ends in an echo, such as 'v2ws serve' without --forward; elsewhere the"
                    + " report says what cannot be known.",
            "",
            "The report goes to standard output. Exit code 1: something failed, early data as it is asked for here"
                    + " among it."
        },
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example: v2ws probe --idle 2m wss://example.org/tunnel --max-early-data 2048"})
final class ProbeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            description = "ws://HOST[:PORT]/PATH or wss://… Required, here or in the file.")
    private String url;

    @Option(names = "--json", description = "Write the report as JSON. Default: as text.")
    private boolean json;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description =
                    "Stay silent for up to this long, with and without pings, and see who cuts. Default: not tried.")
    private Duration idle;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "For all but --idle; what does not fit in is not tried. Default: 60s.")
    private Duration timeout;

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            defaultValue = "32M",
            description = "Most bytes to send for the throughput, and no longer than 4 seconds. Default: 32M.")
    private Converters.ByteSize size;

    @ArgGroup(validate = false, heading = "%nConnection:%n")
    private final ClientGroup client = new ClientGroup();

    @ArgGroup(validate = false, heading = "%nTransport:%n")
    private final TransportGroup transport = new TransportGroup();

    @Override
    public Integer call() throws Exception {
        requirePositive("--timeout", timeout);
        if (idle != null) {
            requirePositive("--idle", idle);
        }
        ClientSetup setup = ClientSetup.of(spec, url, transport, client);
        ProbeTarget target =
                new ProbeTarget(setup.url(), setup.options(), setup.builder(), setup.proxied(), setup.unverified());
        ProbeLimits limits = new ProbeLimits(timeout, size.bytes(), idle == null ? Duration.ZERO : idle);
        ProbeReport report = run(target, limits);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonReport.text(report));
        } else {
            TextReport.lines(report).forEach(out::println);
        }
        return report.hasFailed() ? spec.exitCodeOnExecutionException() : spec.exitCodeOnSuccess();
    }

    private ProbeReport run(ProbeTarget target, ProbeLimits limits) throws Exception {
        StatusLine status = new StatusLine(System.err, Progress.isTerminal() && !Logs.isQuiet());
        try {
            return new Probe(target, limits, status::show).run();
        } catch (IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        } finally {
            status.end();
        }
    }

    private void requirePositive(String option, Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0) {
            throw new ParameterException(spec.commandLine(), option + ": expected 1ms or more");
        }
    }
}
