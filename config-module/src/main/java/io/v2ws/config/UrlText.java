package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** URLs in configuration files. */
final class UrlText {
    private UrlText() {}

    /**
     * Returns the URL, its scheme in lower case.
     *
     * @throws IllegalArgumentException saying what was expected and what came, passwords left out
     */
    static URI parse(String text, String... schemes) {
        String expected = "expected a URL such as \"" + schemes[schemes.length - 1] + "://example.org\" ("
                + String.join(", ", schemes) + "), got ";
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (!List.of(schemes).contains(scheme) || url.getHost() == null) {
                throw new IllegalArgumentException(expected + withoutUserInfo(text));
            }
            if (url.getPort() == 0 || url.getPort() > 65535) {
                throw new IllegalArgumentException("expected a port from 1 to 65535, got " + url.getPort());
            }
            return new URI(scheme + text.substring(scheme.length()));
        } catch (URISyntaxException e) {
            // Neither the exception nor its message is passed on: both repeat the whole text.
            throw new IllegalArgumentException(expected + withoutUserInfo(text));
        }
    }

    /** Returns path and query as written; empty where there is neither, or only the {@code /} that stands for none. */
    static String pathAndQuery(URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = (url.getRawPath() == null ? "" : url.getRawPath()) + query;
        return path.equals("/") ? "" : path;
    }

    private static String withoutUserInfo(String text) {
        int at = text.lastIndexOf('@');
        int authority = text.indexOf("://");
        boolean secret = authority >= 0 && at > authority;
        return Printable.quoted(secret ? text.substring(0, authority) + "://…" + text.substring(at) : text);
    }
}
