package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API of a module: what {@code javap} shows of the public types in the packages that it exports to all. */
public final class PublicApi {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path FOUND = Path.of("target/public-api.txt");
    private static final Path LISTING = Path.of("src/api/public-api.txt");

    private PublicApi() {}

    /**
     * Checks that the committed listing is what the code has, so that nobody changes the API without meaning to.
     *
     * @throws AssertionError saying how to accept the change
     */
    public static void assertListed() throws IOException {
        assumeTrue(ToolProvider.findFirst("javap").isPresent(), "this Java runtime has no javap");
        String found = list();
        Files.writeString(FOUND, found);
        String listed = Files.exists(LISTING) ? Files.readString(LISTING) : "";
        assertThat(found)
                .as("the public API changed; if that is meant: cp %s %s", FOUND.toAbsolutePath(), LISTING)
                .isEqualTo(listed);
    }

    private static String list() {
        ModuleDescriptor module =
                ModuleFinder.of(CLASSES).findAll().iterator().next().descriptor();
        return module.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(exported -> exported.source().replace('.', '/'))
                .sorted()
                .flatMap(folder -> classes(CLASSES.resolve(folder)).stream())
                .filter(file -> isPublic(topLevel(file)))
                .map(PublicApi::describe)
                .filter(PublicApi::isPublic)
                .collect(Collectors.joining("\n"));
    }

    private static List<Path> classes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("package-info.class"))
                    .filter(file -> isVisible(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
    }

    /** Anonymous and local classes have a number in their name. */
    private static boolean isVisible(String file) {
        return file.chars().noneMatch(Character::isDigit);
    }

    private static boolean isPublic(String described) {
        return described.startsWith("public ");
    }

    /** Describes the class that stands around this one, or this one. */
    private static String topLevel(Path file) {
        return describe(file.resolveSibling(file.getFileName().toString().replaceFirst("\\$.*\\.class", ".class")));
    }

    private static String describe(Path file) {
        StringWriter text = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        javap.run(new PrintWriter(text), new PrintWriter(text), "-protected", file.toString());
        // The first line names the source file.
        return text.toString().lines().skip(1).map(line -> line + "\n").collect(Collectors.joining());
    }
}
