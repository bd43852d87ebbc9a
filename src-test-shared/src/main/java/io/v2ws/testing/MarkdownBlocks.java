package io.v2ws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The code blocks of a page of the documentation that have a kind and a name, in a comment right above. A block may be
 * indented, as in a list.
 */
public final class MarkdownBlocks {
    private static final String BLOCK = "<!-- %s ([a-z0-9-]+) -->\n *```[a-z]+\n(.*?) *```\n";

    private MarkdownBlocks() {}

    /**
     * Returns the blocks of one kind by their names, in the order of the page.
     *
     * @param kind the first word of the comment
     * @throws IOException if the page cannot be read
     */
    public static Map<String, String> of(Path page, String kind) throws IOException {
        Map<String, String> blocks = new LinkedHashMap<>();
        Pattern block = Pattern.compile(BLOCK.formatted(kind), Pattern.DOTALL);
        for (MatchResult found : block.matcher(Files.readString(page)).results().toList()) {
            blocks.put(found.group(1), found.group(2).stripTrailing().stripIndent() + "\n");
        }
        return blocks;
    }
}
