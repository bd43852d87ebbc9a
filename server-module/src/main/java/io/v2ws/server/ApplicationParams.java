package io.v2ws.server;

import io.v2ws.server.ParamSources.Param;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads what concerns a web application and none of its tunnels: {@code site}, the folder of the ordinary site, and
 * {@code health_path}. An empty value is none. Starts nothing.
 */
final class ApplicationParams {
    private static final String SITE = "site";
    private static final String HEALTH_PATH = "health_path";

    /** The keys. */
    static final List<String> NAMES = List.of(SITE, HEALTH_PATH);

    private final ParamSources sources;
    private final Supplier<TunnelFile> file;

    /**
     * Makes one.
     *
     * @param file finds what reads the file that {@code config} names; null for nothing
     */
    ApplicationParams(ParamSources sources, Supplier<TunnelFile> file) {
        this.sources = sources;
        this.file = file;
    }

    /**
     * Returns the folder of the site.
     *
     * @throws IllegalArgumentException that names key, place, value and what was expected
     */
    Optional<FolderSite> site() {
        return read(SITE, TunnelFile.Content::site, text -> {
            if (text.startsWith("http://") || text.startsWith("https://")) {
                throw new IllegalArgumentException("expected a folder; only v2ws serve passes requests on to a URL");
            }
            return new FolderSite(Path.of(text));
        });
    }

    /**
     * Returns the path of the pages about health.
     *
     * @throws IllegalArgumentException that names key, place, value and what was expected
     */
    Optional<String> healthPath() {
        return read(HEALTH_PATH, TunnelFile.Content::healthPath, HealthPages::requirePath);
    }

    private <T> Optional<T> read(
            String key, Function<TunnelFile.Content, Optional<String>> inFile, Function<String, T> reader) {
        Optional<Param> param = sources.get(key);
        if (param.isEmpty() || !param.get().place().isBeforeFile()) {
            Optional<String> text = content().flatMap(inFile);
            if (text.isPresent()) {
                return text.filter(value -> !value.isEmpty()).map(reader);
            }
        }
        return param.filter(found -> !found.text().isEmpty()).map(found -> ParamText.read(found, reader));
    }

    /** A file that cannot be read is the business of the filter with the tunnels, which says so. */
    private Optional<TunnelFile.Content> content() {
        try {
            return sources.get(FilterParams.CONFIG).map(config -> FilterParams.readFile(config, file.get()));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
