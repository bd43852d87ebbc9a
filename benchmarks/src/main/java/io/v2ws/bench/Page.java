package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page with text of ours and, between two marks, text of the harness. */
final class Page {
    static final String BEGIN = "<!-- results: written by benchmarks/run, begin -->";
    static final String END = "<!-- results: end -->";

    private Page() {}

    /**
     * Replaces what is between the marks.
     *
     * @throws IOException if the page has no marks
     */
    static void replace(Path file, String text) throws IOException {
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + " has no lines '" + BEGIN + "' and '" + END + "' to write in between");
        }
        Files.writeString(file, page.substring(0, begin + BEGIN.length()) + "\n\n" + text + page.substring(end));
    }
}
