package io.v2ws.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/**
 * Writes trees of maps, lists, strings, whole numbers and booleans as YAML that every version of YAML reads the same.
 */
final class YamlPrinter {
    private YamlPrinter() {}

    /** Returns the text, its last line ended. */
    static String print(Object tree, boolean ascii) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setUseUnicodeEncoding(!ascii)
                .setSplitLines(false)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setMaxSimpleKeyLength(1024)
                .build();
        return new Dump(settings, new Representer(settings)).dumpToString(tree);
    }

    /** Leaves out the quotes of harmless strings only: to YAML 1.1 {@code no} and {@code 1:30} are none. */
    private static final class Representer extends StandardRepresenter {
        private static final Pattern HARMLESS = Pattern.compile("[A-Za-z/][A-Za-z0-9/._-]*");
        private static final Set<String> WORDS =
                Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");

        Representer(DumpSettings settings) {
            super(settings);
            representers.put(String.class, object -> string((String) object));
        }

        private Node string(String text) {
            boolean harmless = HARMLESS.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
            return representScalar(Tag.STR, text, harmless ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
        }
    }
}
