package io.v2ws.bench;

import io.v2ws.testing.peers.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run}: measures end to end and writes down what came out. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures v2ws end to end, and others beside it, on this machine.",
        footer = {
            "",
            "Rows: throughput, beside-busy, allocation, first-byte, opening, idle, start-up.",
            "A whole run takes some 85 minutes, a quick one some 5.",
            "Each row keeps its last result: docs/performance.json has those of the page,",
            "benchmarks/target/benchmarks/results.json those of the report.",
            "Exit codes: 0 all rows were measured, 1 some failed, 2 usage."
        })
final class Main implements Callable<Integer> {
    private static final String PAGE = "docs/performance.md";
    private static final String PAGE_RESULTS = "docs/performance.json";

    @Option(
            names = "--quick",
            description = "A look in a few minutes: fewer and shorter samples, and sing-box as the only peer.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ROW",
            converter = RowConverter.class,
            description = "Measure these rows only. May be repeated. Default: all.")
    private List<Rows> only = List.of(Rows.values());

    @Option(
            names = "--jvm",
            paramLabel = "FLAG",
            description = "Extra flag for the JVMs of v2ws; {role} in it stands for the name of the process."
                    + " May be repeated. Default: none.")
    private List<String> jvmFlags = List.of();

    @Option(
            names = "--docs",
            description = "Write docs/performance.md and its charts. Without it only a whole run does, one without"
                    + " --quick and --only; the others write benchmarks/target/benchmarks/report.md.")
    private boolean docs;

    @Option(
            names = "--render",
            description =
                    "Measure nothing, write the report (with --docs: the page) from the last results of each row.")
    private boolean render;

    @Option(names = "--no-install", description = "Do not install sing-box from PyPI.")
    private boolean noInstall;

    @Option(names = "--root", hidden = true, description = "The root of the source tree.")
    private Path root = Path.of("");

    private static final class RowConverter implements CommandLine.ITypeConverter<Rows> {
        @Override
        public Rows convert(String text) {
            return Arrays.stream(Rows.values())
                    .filter(row -> row.id().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException("expected one of "
                            + Arrays.stream(Rows.values()).map(Rows::id).toList() + ", got '" + text + "'"));
        }
    }

    private Main() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        root = root.toAbsolutePath().normalize();
        Path target = root.resolve("benchmarks/target/benchmarks");
        Program program = new Program(root.resolve("cli-module/target/v2ws.jar"), jvmFlags);
        Effort effort = quick ? Effort.quick() : Effort.full();
        Path logs = Files.createDirectories(target.resolve("logs"));
        boolean whole = !quick && only.size() == Rows.values().length;
        boolean intoDocs = docs || whole && !render;
        Path results = intoDocs ? root.resolve(PAGE_RESULTS) : target.resolve("results.json");
        Session session = new Session(new Bench(effort, program, target, logs, !noInstall, System.err), results);
        if (!render) {
            session.measure(only, commit());
        }
        write(session.results(), target, intoDocs);
        return session.isComplete() ? 0 : 1;
    }

    private void write(Results results, Path target, boolean intoDocs) throws IOException {
        if (intoDocs) {
            Path page = root.resolve(PAGE);
            Page.replace(page, Report.write(results, new Charts(root.resolve("docs/img"), "img/")));
            System.err.println("wrote " + page);
        } else {
            Path page = target.resolve("report.md");
            Files.writeString(page, Report.write(results, new Charts(target, "")));
            System.err.println("wrote " + page);
        }
    }

    private String commit() {
        try {
            return Commands.output("git", "-C", root.toString(), "describe", "--always", "--dirty=+")
                    .strip();
        } catch (IOException x) {
            return "unknown";
        }
    }
}
