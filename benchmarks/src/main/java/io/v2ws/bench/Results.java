package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest section of each row.
 *
 * @param sections by the name of the row
 */
record Results(Map<String, Section> sections) {

    /** Reads results; there are none where the file is not. */
    static Results read(Path file) throws IOException {
        return Files.exists(file) ? Json.read(file, Results.class) : new Results(new LinkedHashMap<>());
    }

    /** The same with a section added, or replaced. */
    Results with(Section section) {
        Map<String, Section> changed = new LinkedHashMap<>(sections);
        changed.put(section.row(), section);
        return new Results(changed);
    }
}
