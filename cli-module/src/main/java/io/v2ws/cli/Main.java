package io.v2ws.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code v2ws}. Exit codes: 0 success, 1 failure, 2 usage (bad options, bad configuration). */
@Command(
        name = "v2ws",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Carries TCP through WebSockets, compatible with V2Ray.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Exit codes: 0 fine, 1 failure, 2 usage.",
            "Durations are written 300ms, 20s, 1m30s; sizes 64K, 1M, 1G (binary).",
            "'v2ws COMMAND --help' shows the options of a command; 'v2ws demo' tries it all.",
        },
        subcommands = {
            ServeCommand.class,
            ForwardCommand.class,
            StdioCommand.class,
            BenchCommand.class,
            ProbeCommand.class,
            ConvertCommand.class,
            DemoCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log every connection, and failures with their stack trace. Default: off.")
    private boolean verbose;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Say nothing but errors. Default: off.")
    private boolean quiet;

    /** Made by picocli. */
    Main() {}

    /** Runs the program and ends the JVM. */
    public static void main(String[] args) {
        DnsCache.shorten();
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(run(out, err, args));
    }

    /** Runs one command. Returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setOut(out);
        commandLine.setErr(err);
        Converters.register(commandLine);
        // The default width, independent of the terminal: the texts are written for it.
        commandLine.setUsageHelpWidth(80);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(Main::configureLogsAndRun);
        commandLine.setParameterExceptionHandler(Failures::usage);
        commandLine.setExecutionExceptionHandler(Failures::execution);
        return commandLine.execute(args);
    }

    private static int configureLogsAndRun(ParseResult parsed) {
        Main main = (Main) parsed.commandSpec().userObject();
        if (main.verbose && main.quiet) {
            throw new ParameterException(main.spec.commandLine(), "--verbose and --quiet contradict each other");
        }
        Logs.configure(main.verbose, main.quiet);
        return new RunLast().execute(parsed);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected a command: serve, forward, stdio, bench, probe, convert or demo");
    }
}
