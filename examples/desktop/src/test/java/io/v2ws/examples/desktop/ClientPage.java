package io.v2ws.examples.desktop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The code blocks of {@code docs/client.md} that have a name, in a comment of their own right above. */
final class ClientPage {
    static final Path FILE = Path.of("../../docs/client.md");

    private static final String BLOCK = "<!-- %s ([a-z-]+) -->\n```[a-z]+\n(.*?)```\n";

    private ClientPage() {}

    /** Returns the snippets of the programs by their names. */
    static Map<String, String> snippets() throws IOException {
        return blocks("snippet");
    }

    /** Returns a command line. */
    static String command(String name) throws IOException {
        return blocks("command").get(name).strip();
    }

    private static Map<String, String> blocks(String kind) throws IOException {
        Map<String, String> blocks = new LinkedHashMap<>();
        Pattern block = Pattern.compile(BLOCK.formatted(kind), Pattern.DOTALL);
        for (MatchResult found : block.matcher(Files.readString(FILE)).results().toList()) {
            blocks.put(found.group(1), found.group(2));
        }
        return blocks;
    }
}
