package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the ordinary site of a server is: in a folder, or on another web server. Immutable.
 *
 * @param folder empty for another web server
 * @param server its URL, {@code http} or {@code https}, with a host, and with a path that goes in front of the paths of
 *     requests; empty for a folder
 */
public record SiteAddress(Optional<Path> folder, Optional<URI> server) {

    /**
     * Reads the name of a folder or a URL.
     *
     * @param folder that a relative name belongs to
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static SiteAddress parse(String text, Path folder) {
        if (!text.contains("://")) {
            return new SiteAddress(Optional.of(folder.resolve(text)), Optional.empty());
        }
        return new SiteAddress(Optional.empty(), Optional.of(url(text)));
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException x) {
            // Reported below.
        }
        throw new IllegalArgumentException("site: expected a folder, or a URL of scheme, host, port and path such as"
                + " \"http://127.0.0.1:8081\", got " + Printable.quoted(text));
    }

    /** Returns what {@link #parse} reads. */
    @Override
    public String toString() {
        return folder.map(Path::toString).or(() -> server.map(URI::toString)).orElse("");
    }
}
