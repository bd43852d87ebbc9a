package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether {@code docs/client.md} shows the code that runs. */
class ClientPageTest {
    private static final Path PROGRAMS = Path.of("src/main/java/io/v2ws/examples/desktop");
    private static final Pattern SNIPPET = Pattern.compile(" +// snippet ([a-z-]+)\n(.*?) +// end\n", Pattern.DOTALL);

    @Test
    void thePageShowsTheSnippetsOfThePrograms() throws IOException {
        Map<String, String> snippets = new TreeMap<>();
        try (Stream<Path> programs = Files.list(PROGRAMS)) {
            for (Path program : programs.toList()) {
                for (MatchResult found :
                        SNIPPET.matcher(Files.readString(program)).results().toList()) {
                    snippets.put(found.group(1), found.group(2).stripTrailing().stripIndent() + "\n");
                }
            }
        }
        assertThat(snippets).isNotEmpty();
        assertThat(new TreeMap<>(ClientPage.snippets()))
                .as("the snippets of %s, which are copied from the programs", ClientPage.FILE)
                .isEqualTo(snippets);
    }
}
