package io.v2ws.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table in {@code docs/interop.md}, between two comments; everything around it is written by hand and stays. Rows
 * come in the order of the matrix; those that were not tested now stay as they were, unless the matrix knows them no
 * more.
 */
final class InteropTable {
    static final String BEGIN = "<!-- begin: written by mvn verify -Psystem -->";
    static final String END = "<!-- end: written by mvn verify -Psystem -->";
    private static final String HEAD = """
            | peer | version | our end | engine | early data | TLS | carries | result |
            |---|---|---|---|---|---|---|---|""";

    private InteropTable() {}

    /**
     * Returns the document with new rows.
     *
     * @param document with both comments
     * @param order all rows of the matrix
     * @param tested the lines of those that were tested now
     */
    static String update(String document, List<Row> order, Map<Row, String> tested) {
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        if (begin < BEGIN.length() || end < begin) {
            throw new IllegalArgumentException("Expected the lines '" + BEGIN + "' and '" + END + "'");
        }
        Map<Row, String> known = new HashMap<>();
        document.substring(begin, end).lines().forEach(line -> known.put(Row.parse(line), line));
        known.putAll(tested);
        List<String> lines = new ArrayList<>(List.of("", HEAD));
        order.stream().filter(known::containsKey).map(known::get).forEach(lines::add);
        return document.substring(0, begin) + String.join("\n", lines) + "\n" + document.substring(end);
    }

    /** Returns a document whose rows say nothing of versions. */
    static String withoutVersions(String document) {
        return document.lines()
                .map(line -> Row.parse(line) == null ? line : line.replaceFirst("(\\|[^|]*\\|)[^|]*\\|", "$1 |"))
                .collect(Collectors.joining("\n"));
    }
}
