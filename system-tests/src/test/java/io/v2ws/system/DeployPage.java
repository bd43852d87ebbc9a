package io.v2ws.system;

import io.v2ws.testing.MarkdownBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands and the limits of {@code docs/deploy.md}, which the tests run and try. */
final class DeployPage {
    static final Path FILE = Path.of("../docs/deploy.md");

    private DeployPage() {}

    /**
     * What the page says about a proxy.
     *
     * @param header characters of early data that fit into a header
     * @param path characters of early data that fit into the path
     * @param tooLong the statuses for more, {@code reset} for a reset; {@code –} if the proxy has no such limit
     * @param silence after which it closes a tunnel; null for never
     * @param backendDown its status if nobody listens behind it
     */
    record Limits(int header, int path, String tooLong, Duration silence, int backendDown) {}

    /** Returns the row of a proxy in the table of limits. */
    static Limits limits(ReverseProxy proxy) throws IOException {
        String row = Files.readString(FILE)
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).matches("\\| " + proxy.title() + " [0-9.]+ \\|.*"))
                .collect(Collectors.joining());
        String[] cells = row.split(" *\\| *");
        List<Integer> silence = numbers(cells[5]);
        return new Limits(
                numbers(cells[2]).get(0),
                numbers(cells[3]).get(0),
                cells[4],
                silence.isEmpty() ? null : Duration.ofSeconds(silence.get(0)),
                numbers(cells[6]).get(0));
    }

    /** Reads the numbers of a cell, {@code 400, 414} or {@code 8,000}. */
    private static List<Integer> numbers(String cell) {
        return Pattern.compile("\\d+(,\\d{3})*")
                .matcher(cell)
                .results()
                .map(number -> Integer.valueOf(number.group().replace(",", "")))
                .toList();
    }

    /** Returns a command as it stands there. */
    static String command(String name) throws IOException {
        String command = MarkdownBlocks.of(FILE, "command").get(name);
        if (command == null) {
            throw new IOException(FILE + " has no command " + name);
        }
        return command;
    }

    /** Returns a command with other texts in the place of some; each of these must be there. */
    static String command(String name, Map<String, String> values) throws IOException {
        String command = command(name);
        for (Map.Entry<String, String> value : values.entrySet()) {
            if (!command.contains(value.getKey())) {
                throw new IOException("Expected " + value.getKey() + " in: " + command);
            }
            command = command.replace(value.getKey(), value.getValue());
        }
        return command;
    }
}
