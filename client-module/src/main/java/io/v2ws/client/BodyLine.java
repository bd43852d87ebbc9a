package io.v2ws.client;

import io.v2ws.internal.net.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one line of a refusal's body that an error message shows. */
final class BodyLine {
    /** The quantifier is bounded by the size of a body. */
    private static final Pattern TITLE = Pattern.compile("<title[^>]*>([^<]*)", Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_TEXT = Pattern.compile("[{}\\[\\]()<>,;\\s]*");

    private static final Pattern DULL = Pattern.compile("(?i)\\berror\\b|\\b\\d{3}\\b|[^\\p{L}\\p{N}]");

    private BodyLine() {}

    /**
     * Returns the first line of a text, or the title of a page, in quotes, escaped and cut.
     *
     * @param headers with look-up in any case
     * @return empty if there is none, or it repeats the reason phrase
     */
    static String of(Map<String, List<String>> headers, String body, String reason) {
        String type = headers.getOrDefault("Content-Type", List.of("text/plain"))
                .get(0)
                .toLowerCase(Locale.ROOT);
        String line = "";
        if (type.contains("html")) {
            Matcher title = TITLE.matcher(body);
            line = title.find() ? title.group(1).strip().replaceAll("\\s+", " ") : "";
        } else if (type.startsWith("text/") || type.contains("json")) {
            line = body.lines()
                    .map(String::strip)
                    .filter(text -> !NO_TEXT.matcher(text).matches())
                    .findFirst()
                    .orElse("");
        }
        return words(line).isEmpty() || words(line).equalsIgnoreCase(words(reason)) ? "" : Printable.quoted(line);
    }

    /** Returns what counts of a line like "Error 404: Not Found" when it is compared with a reason phrase. */
    private static String words(String line) {
        return DULL.matcher(line).replaceAll("");
    }
}
