package io.v2ws.config;

import com.fasterxml.jackson.core.JsonLocation;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** A place in a text: line and column, both counted from 1, the column in UTF-16 units (in YAML: code points). */
record Location(int line, int column) {
    static final Location START = new Location(1, 1);

    /** The place of a token or error; the start where the parser knows none ({@code null} or unset). */
    static Location of(JsonLocation at) {
        return at == null || at.getLineNr() < 1 ? START : new Location(at.getLineNr(), Math.max(1, at.getColumnNr()));
    }

    /** The place of a YAML token, whose columns are counted in code points. */
    static Location of(Mark at) {
        return new Location(at.getLine() + 1, at.getColumn() + 1);
    }

    /** The place right behind {@code text}, counted as the JSON parser counts: CR, LF and CRLF each end one line. */
    static Location behind(CharSequence text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean firstHalfOfCrLf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if ((c == '\n' || c == '\r') && !firstHalfOfCrLf) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Location(line, column);
    }
}
