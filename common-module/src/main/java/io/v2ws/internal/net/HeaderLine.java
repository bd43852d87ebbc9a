package io.v2ws.internal.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** HTTP headers as people write them: {@code Name: value}. */
public final class HeaderLine {
    private HeaderLine() {}

    /**
     * Reads lines into a map for the headers option; a name that comes again gets one more
     * value, empty lines are skipped.
     *
     * @throws IllegalArgumentException if a line has no colon or no name
     */
    public static Map<String, List<String>> parseAll(List<String> lines) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : lines) {
            String trimmed = line.trim();
            int colon = trimmed.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(trimmed.substring(0, colon).trim(), name -> new ArrayList<>(1))
                        .add(trimmed.substring(colon + 1).trim());
            } else if (!trimmed.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected \"Name: value\", got \"" + Printable.escape(trimmed) + "\"");
            }
        }
        return headers;
    }
}
