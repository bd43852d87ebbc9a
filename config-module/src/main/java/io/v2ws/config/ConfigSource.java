package io.v2ws.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in some dialect and what messages call it: a file, a share link, or standard input. Links hold credentials, so
 * they are called by their scheme only. A subscription (links in base64) is decoded. Immutable.
 */
public final class ConfigSource {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,20})://.*", Pattern.DOTALL);
    private static final String EXPECTED = "expected a file, or a link that begins vless://, trojan:// or vmess://";

    private final String name;
    private final String text;

    private ConfigSource(String name, String text) {
        this.name = name;
        this.text = Subscription.links(text).orElse(text);
    }

    /**
     * Returns what an argument names.
     *
     * @param fileOrLink the name of a file, a share link, or {@code -} for {@code input}
     * @param input is read to its end where it is asked for; not closed
     * @throws ConfigException if it cannot be read, is longer than 10 MB or not UTF-8, or is a link of another kind
     */
    public static ConfigSource of(String fileOrLink, InputStream input) throws ConfigException {
        if (!fileOrLink.equals("-")) {
            return of(fileOrLink, Path.of(""));
        }
        try {
            return new ConfigSource("stdin", ConfigText.decode("stdin", input.readNBytes(ConfigText.MAX_BYTES + 1)));
        } catch (IOException e) {
            throw new ConfigException("stdin", "expected text, got: " + e.getMessage(), e);
        }
    }

    /**
     * Returns what a text in a configuration file names.
     *
     * @param fileOrLink the name of a file or a share link
     * @param folder where relative names begin
     * @throws ConfigException as {@link #of(String, InputStream)}
     */
    public static ConfigSource of(String fileOrLink, Path folder) throws ConfigException {
        if (isLink(fileOrLink)) {
            return new ConfigSource(scheme(fileOrLink) + " link", fileOrLink);
        }
        if (Subscription.links(fileOrLink).isPresent()) {
            return new ConfigSource("subscription", fileOrLink);
        }
        Path file = path(fileOrLink, folder);
        // Not shown where it may be a link that lost its beginning.
        if (!Files.exists(file) && (fileOrLink.indexOf('@') >= 0 || scheme(fileOrLink) != null)) {
            String scheme = scheme(fileOrLink);
            throw new ConfigException(
                    "the source", EXPECTED + ", got " + (scheme == null ? "neither" : scheme + "://…"), null);
        }
        return new ConfigSource(file.toString(), ConfigText.read(file));
    }

    /** Returns a text. */
    static ConfigSource ofText(String name, String text) throws ConfigException {
        ConfigText.requireSize(name, text.length());
        return new ConfigSource(name, ConfigText.withoutByteOrderMark(text));
    }

    /** Whether a text is a share link of a kind that is read here. */
    public static boolean isLink(String text) {
        String scheme = scheme(text);
        return scheme != null && Account.Protocol.of(scheme) != null;
    }

    /** Returns the scheme of a URL in lower case, null if the text is none. */
    static String scheme(String text) {
        Matcher matcher = SCHEME.matcher(text);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
    }

    /** Returns what messages call it. */
    public String name() {
        return name;
    }

    /** Returns the text. */
    String text() {
        return text;
    }

    /** Returns the name only. */
    @Override
    public String toString() {
        return name;
    }

    private static Path path(String name, Path folder) throws ConfigException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new ConfigException("the source", EXPECTED + ", got neither", null);
        }
    }
}
