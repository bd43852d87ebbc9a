package io.v2ws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pieces of programs that pages show: what stands between {@code // snippet name} and {@code // end}. */
public final class ProgramSnippets {
    /** In XML the markers are comments. */
    private static final Pattern SNIPPET = Pattern.compile(
            " *(?:<!-- )?// snippet ([a-z-]+)(?: -->)?\n(.*?) *(?:<!-- )?// end(?: -->)?\n", Pattern.DOTALL);

    private ProgramSnippets() {}

    /**
     * Returns the snippets by their names.
     *
     * @param folders with the programs, not those below them
     */
    public static Map<String, String> in(Path... folders) throws IOException {
        Map<String, String> snippets = new TreeMap<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    for (MatchResult found :
                            SNIPPET.matcher(Files.readString(file)).results().toList()) {
                        snippets.put(
                                found.group(1), found.group(2).stripTrailing().stripIndent() + "\n");
                    }
                }
            }
        }
        return snippets;
    }
}
