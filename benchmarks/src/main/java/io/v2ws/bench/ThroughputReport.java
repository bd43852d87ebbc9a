package io.v2ws.bench;

import java.util.ArrayList;
import java.util.List;

/** The tables and charts of throughput. */
final class ThroughputReport {
    private final Markdown page;
    private final Charts charts;

    ThroughputReport(Markdown page, Charts charts) {
        this.page = page;
        this.charts = charts;
    }

    void write(Section section) {
        if (section == null) {
            return;
        }
        for (boolean tls : new boolean[] {false, true}) {
            String title = "Throughput, " + (tls ? "TLS" : "plain");
            page.heading(title + ", MB/s");
            table(section, tls, "");
            for (int connections : Effort.ONE_AND_MANY) {
                List<String> keys = keys(tls, connections);
                String name = (tls ? "throughput-tls-" : "throughput-plain-") + connections;
                String label = title + ", " + connections + (connections == 1 ? " connection" : " connections");
                page.image(label, charts.draw(name, label + ", MB/s", section, keys, directions()));
            }
            page.heading(title + ": processor seconds per GB, client and server process together");
            table(section, tls, Throughput.CPU);
        }
    }

    private void table(Section section, boolean tls, String suffix) {
        List<String> columns = new ArrayList<>(List.of(""));
        List<String> keys = new ArrayList<>();
        for (int connections : Effort.ONE_AND_MANY) {
            for (Direction direction : Direction.values()) {
                columns.add(connections + ", " + direction.id());
                keys.add(Throughput.key(tls, connections, direction) + suffix);
            }
        }
        Markdown.Table table = page.table(columns);
        section.labels().forEach((contender, label) -> {
            if (keys.stream().anyMatch(key -> section.median(key, contender).isPresent())) {
                List<String> cells = new ArrayList<>(List.of(label));
                keys.forEach(key -> cells.add(Markdown.number(section.median(key, contender))));
                table.row(cells);
            }
        });
        table.end();
    }

    private static List<String> keys(boolean tls, int connections) {
        return List.of(Direction.values()).stream()
                .map(direction -> Throughput.key(tls, connections, direction))
                .toList();
    }

    private static List<String> directions() {
        return List.of("upload", "download", "both at once, sum");
    }
}
