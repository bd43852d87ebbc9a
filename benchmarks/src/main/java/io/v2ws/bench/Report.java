package io.v2ws.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of all results. */
final class Report {
    private final Results results;
    private final Charts charts;
    private final Markdown page = new Markdown();

    private Report(Results results, Charts charts) {
        this.results = results;
        this.charts = charts;
    }

    /** Writes the page, and its charts. */
    static String write(Results results, Charts charts) {
        Report report = new Report(results, charts);
        report.provenance();
        report.targets();
        new ThroughputReport(report.page, charts).write(results.sections().get(Rows.THROUGHPUT.id()));
        report.section(Rows.BESIDE_BUSY, "An echo beside 32 busy tunnels", "");
        report.section(Rows.ALLOCATION, "Bytes allocated per relayed 64 KiB", "");
        report.section(Rows.FIRST_BYTE, "First byte, in round trips of 100 ms", "first-byte");
        report.section(Rows.OPENING, "Tunnels opened, echoed and closed per second", "opening");
        report.section(Rows.IDLE, "Idle tunnels", "");
        report.section(Rows.START_UP, "Start-up and size", "");
        report.notes();
        return report.page.toString();
    }

    private void provenance() {
        if (results.sections().isEmpty()) {
            page.paragraph("Nothing was measured yet.");
            return;
        }
        results.sections().values().stream()
                .collect(Collectors.groupingBy(
                        section -> describe(section.machine()), LinkedHashMap::new, Collectors.toList()))
                .forEach((machine, sections) -> {
                    page.paragraph("Machine: " + machine + ".");
                    page.list(sections.stream().map(Report::describe).toList());
                });
    }

    private static String describe(Map<String, String> machine) {
        return machine.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String describe(Section section) {
        return section.row() + ": " + section.when() + ", commit " + section.commit() + ", " + section.effort()
                + (section.flags().isEmpty() ? "" : ", JVM flags " + section.flags());
    }

    private void targets() {
        page.heading("To reach");
        Markdown.Table table = page.table(List.of("what", "bound", "measured", "reached"));
        new Targets(results).all().forEach(target -> table.row(target.cells()));
        table.end();
    }

    /** A table of medians, with the least and the most where there are several samples. */
    private void section(Rows row, String title, String chart) {
        Section section = results.sections().get(row.id());
        if (section == null || section.measurements().isEmpty()) {
            return;
        }
        page.heading(title);
        List<String> keys =
                section.measurements().stream().map(Measurement::key).distinct().toList();
        List<String> columns = new ArrayList<>(List.of(""));
        columns.addAll(section.labels().values());
        Markdown.Table table = page.table(columns);
        for (String key : keys) {
            List<String> cells = new ArrayList<>();
            cells.add(key.replace("/", ", ") + " (" + unit(section, key) + ")");
            section.labels().keySet().forEach(contender -> cells.add(cell(section, key, contender)));
            table.row(cells);
        }
        table.end();
        if (!chart.isEmpty()) {
            page.image(title, charts.draw(chart, title, section, keys, keys));
        }
    }

    private static String unit(Section section, String key) {
        return section.measurements().stream()
                .filter(one -> one.key().equals(key))
                .map(Measurement::unit)
                .findFirst()
                .orElse("");
    }

    private static String cell(Section section, String key, String contender) {
        return section.measurements().stream()
                .filter(one -> one.key().equals(key) && one.contender().equals(contender))
                .map(one -> one.samples().size() == 1
                        ? Markdown.number(one.median())
                        : Markdown.number(one.median()) + " (" + Markdown.number(one.least()) + "–"
                                + Markdown.number(one.most()) + ")")
                .findFirst()
                .orElse(Markdown.NOT_MEASURED);
    }

    private void notes() {
        List<String> notes = results.sections().values().stream()
                .flatMap(section -> section.notes().stream().map(note -> section.row() + ": " + note))
                .toList();
        if (!notes.isEmpty()) {
            page.heading("Not measured, or not always");
            page.list(notes);
        }
    }
}
