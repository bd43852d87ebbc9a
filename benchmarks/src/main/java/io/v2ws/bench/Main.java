package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run}: measures end to end and writes down what came out. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures v2ws end to end, and others beside it, on this machine.")
final class Main implements Callable<Integer> {
    @Option(names = "--quick", description = "A look in a few minutes: fewer and shorter samples.")
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

    @Option(names = "--root", hidden = true, description = "The root of the source tree.")
    private Path root = Path.of("");

    @Option(names = "--no-install", description = "Do not install sing-box from PyPI.")
    private boolean noInstall;

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
        Path target = root.toAbsolutePath().normalize().resolve("benchmarks/target/benchmarks");
        Path jar = root.toAbsolutePath().normalize().resolve("cli-module/target/v2ws.jar");
        Path logs = Files.createDirectories(target.resolve("logs"));
        Bench bench = new Bench(
                quick ? Effort.quick() : Effort.full(),
                new Program(jar, jvmFlags),
                target,
                logs,
                !noInstall,
                System.err);
        Path file = target.resolve("results.json");
        Map<String, String> machine = Machine.describe();
        for (Rows row : only) {
            bench.say("%s", row.id());
            Recorder recorder = new Recorder(bench);
            row.make().measure(bench, recorder);
            Section section = new Section(
                    row.id(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    "",
                    bench.effort().name(),
                    String.join(" ", jvmFlags),
                    machine,
                    recorder.labels(),
                    recorder.notes(),
                    recorder.measurements());
            Json.write(file, Results.read(file).with(section));
        }
        return 0;
    }
}
