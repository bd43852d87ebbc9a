package io.v2ws.examples.desktop;

import io.v2ws.testing.MarkdownBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The named code blocks of {@code docs/client.md}. */
final class ClientPage {
    static final Path FILE = Path.of("../../docs/client.md");

    private ClientPage() {}

    /** Returns the snippets of the programs by their names. */
    static Map<String, String> snippets() throws IOException {
        return MarkdownBlocks.of(FILE, "snippet");
    }

    /** Returns a command line. */
    static String command(String name) throws IOException {
        return MarkdownBlocks.of(FILE, "command").get(name).strip();
    }
}
