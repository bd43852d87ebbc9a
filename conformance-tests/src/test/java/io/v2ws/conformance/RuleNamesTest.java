package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule of {@code docs/protocol.md} has a test method whose name begins with the number of the rule. */
class RuleNamesTest {
    /** Tests run in the folder of their module. */
    private static final Path ROOT = Path.of("..");

    private static final Pattern RULE = Pattern.compile("^\\| ([SFC]\\d+) \\|", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("\\bvoid ([sfc]\\d+)_\\w+\\(");

    @Test
    void everyRuleHasATestThatIsNamedAfterIt() throws IOException {
        Set<String> rules = matches(RULE, Files.readString(ROOT.resolve("docs/protocol.md")))
                .map(rule -> rule.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rules).hasSizeGreaterThanOrEqualTo(45);
        assertThat(testedRules()).containsAll(rules);
    }

    /** A rule that was renumbered or removed must not leave tests behind that name it. */
    @Test
    void everyRuleThatATestIsNamedAfterExists() throws IOException {
        String protocol = Files.readString(ROOT.resolve("docs/protocol.md"));
        assertThat(matches(RULE, protocol).map(rule -> rule.toLowerCase(Locale.ROOT)))
                .containsAll(testedRules());
    }

    private static Set<String> testedRules() throws IOException {
        Set<String> tested = new TreeSet<>();
        for (Path source : testSources()) {
            matches(TEST, Files.readString(source)).forEach(tested::add);
        }
        return tested;
    }

    /** Java files of all modules' tests, and of the fixtures, which have tests to inherit. */
    private static List<Path> testSources() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT, 20, (file, attributes) -> file.toString().endsWith(".java") && isTest(ROOT.relativize(file)))) {
            return files.toList();
        }
    }

    private static boolean isTest(Path file) {
        return file.startsWith("src-test-shared")
                || file.getNameCount() > 2
                        && file.subpath(1, file.getNameCount()).startsWith("src/test");
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1));
    }
}
