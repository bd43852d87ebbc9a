package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.ProgramSnippets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether {@code docs/client.md} shows the code that runs. */
class ClientPageTest {
    @Test
    void thePageShowsTheSnippetsOfThePrograms() throws IOException {
        Map<String, String> snippets = ProgramSnippets.in(Path.of("src/main/java/io/v2ws/examples/desktop"));
        assertThat(snippets).isNotEmpty();
        assertThat(ClientPage.snippets())
                .as("the snippets of %s, which are copied from the programs", ClientPage.FILE)
                .isEqualTo(snippets);
    }
}
