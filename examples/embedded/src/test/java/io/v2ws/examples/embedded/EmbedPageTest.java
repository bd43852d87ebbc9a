package io.v2ws.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.MarkdownBlocks;
import io.v2ws.testing.ProgramSnippets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether {@code docs/embed.md} shows the code that runs. */
class EmbedPageTest {
    private static final Path PAGE = Path.of("../../docs/embed.md");

    @Test
    void thePageShowsTheSnippetsOfThePrograms() throws IOException {
        Map<String, String> snippets = ProgramSnippets.in(
                Path.of("src/main/java/io/v2ws/examples/embedded"),
                Path.of("../spring-boot/src/main/java/io/v2ws/examples/spring"),
                Path.of("../spring-boot"),
                Path.of("../spring-boot-tomcat"));
        assertThat(snippets).isNotEmpty();
        assertThat(MarkdownBlocks.of(PAGE, "snippet"))
                .as("the snippets of %s, which are copied from the programs", PAGE)
                .isEqualTo(snippets);
    }
}
