package io.v2ws.config;

import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** URLs in configuration files. */
final class UrlText {
    private UrlText() {}

    /**
     * Returns the URL, its scheme in lower case and its host in ASCII. {@link URI#getHost} is null if the host has an
     * underscore.
     *
     * @throws IllegalArgumentException saying what was expected and what came, passwords left out
     */
    static URI parse(String text, String... schemes) {
        HostUrl url = HostUrl.parse(text);
        if (!List.of(schemes).contains(url.scheme())) {
            throw new IllegalArgumentException("expected a URL such as \"" + schemes[schemes.length - 1]
                    + "://example.org\" (" + String.join(", ", schemes) + "), got "
                    + Printable.quoted(HostUrl.withoutCredentials(text)));
        }
        if (url.port() == 0) {
            throw new IllegalArgumentException("expected a port from 1 to 65535, got 0");
        }
        int authority = text.indexOf("://") + 3;
        int at = text.lastIndexOf('@', text.length() - url.target().length() - 1);
        String userInfo = at < authority ? "" : text.substring(authority, at + 1);
        try {
            return new URI(url.scheme() + "://" + userInfo + url.address() + url.target());
        } catch (URISyntaxException e) {
            // Neither the exception nor its message is passed on: both repeat the whole text.
            throw new IllegalArgumentException("expected a URL without spaces and the like, got "
                    + Printable.quoted(HostUrl.withoutCredentials(text)));
        }
    }

    /** Returns path and query as written; empty where there is neither, or only the {@code /} that stands for none. */
    static String pathAndQuery(URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = (url.getRawPath() == null ? "" : url.getRawPath()) + query;
        return path.equals("/") ? "" : path;
    }
}
