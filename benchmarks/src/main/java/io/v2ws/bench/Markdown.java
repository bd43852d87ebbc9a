package io.v2ws.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Writes a page, piece by piece. */
final class Markdown {
    static final String NOT_MEASURED = "–";
    private final StringBuilder page = new StringBuilder();

    /** A table under construction. */
    final class Table {
        private final List<String> columns;
        private final List<List<String>> rows = new ArrayList<>();

        private Table(List<String> columns) {
            this.columns = columns;
        }

        Table row(List<String> cells) {
            rows.add(cells);
            return this;
        }

        Table row(String... cells) {
            return row(List.of(cells));
        }

        void end() {
            line(columns);
            line(Collections.nCopies(columns.size(), "---"));
            rows.forEach(this::line);
            page.append('\n');
        }

        private void line(List<String> cells) {
            page.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
    }

    Markdown heading(String text) {
        page.append("### ").append(text).append("\n\n");
        return this;
    }

    Markdown paragraph(String text) {
        page.append(text).append("\n\n");
        return this;
    }

    Markdown list(List<String> items) {
        items.forEach(item -> page.append("- ").append(item.replace('\n', ' ')).append('\n'));
        page.append('\n');
        return this;
    }

    Table table(List<String> columns) {
        return new Table(columns);
    }

    Markdown image(String label, String file) {
        return paragraph("![" + label + "](" + file + ")");
    }

    /** A number with three digits that count, or a dash. */
    static String number(OptionalDouble value) {
        return value.isEmpty() ? NOT_MEASURED : number(value.getAsDouble());
    }

    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
