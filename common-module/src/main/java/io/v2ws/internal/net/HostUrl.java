package io.v2ws.internal.net;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A URL as people write it, {@code scheme://[user[:password]@]host[:port][target]}. Messages never hold the user or the
 * password, nor what might be a part of them.
 *
 * @param scheme in lower case
 * @param user decoded; null for none
 * @param password decoded; null if there is no user, empty if there is only a user
 * @param host as {@link HostName#parse} returns it, without brackets
 * @param port -1 for none
 * @param target path, query and fragment as written; empty for none
 */
public record HostUrl(String scheme, String user, String password, String host, int port, String target) {
    private static final String SEPARATOR = "://";
    private static final int MAX_PORT = 65_535;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** RFC 3986, 3.2.1; other characters than ASCII are tolerated. */
    private static final Pattern USER_INFO =
            Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2}|[^\\x00-\\x7f])*");

    /** What to write where a password may have ended a part of the URL too early. */
    private static final String ENCODING =
            "; in a user or password write %40 for @, %3A for :, %5C for \\, %2F for /, %3F"
                    + " for ?, %23 for #, %25 for % and %20 for a space";

    /** With credentials; greedy, as a forgotten encoding may leave slashes and even an {@code @} in a password. */
    private static final Pattern CREDENTIALS = Pattern.compile("://[^\\s'\"]*@");

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what was expected and what came, credentials left out
     */
    public static HostUrl parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0 || !SCHEME.matcher(text.substring(0, separator)).matches()) {
            throw new IllegalArgumentException("expected SCHEME://HOST[:PORT], got "
                    + (text.indexOf('@') < 0 ? Printable.quoted(text) : "something else, which is not shown"));
        }
        String scheme = text.substring(0, separator).toLowerCase(Locale.ROOT);
        int start = separator + SEPARATOR.length();
        int end = endOfAuthority(text, start);
        String authority = text.substring(start, end);
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? null : authority.substring(0, at);
        if (userInfo != null && !USER_INFO.matcher(userInfo).matches()) {
            throw new IllegalArgumentException(notEncoded(text));
        }
        String[] credentials = userInfo == null ? new String[0] : userInfo.split(":", 2);
        String address = authority.substring(at + 1);
        int colon = address.indexOf(':', address.startsWith("[") ? Math.max(0, address.indexOf(']')) : 0);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        try {
            return new HostUrl(
                    scheme,
                    credentials.length > 0 ? decode(credentials[0]) : null,
                    credentials.length > 1 ? decode(credentials[1]) : credentials.length > 0 ? "" : null,
                    host(colon < 0 ? address : address.substring(0, colon)),
                    port.isEmpty() ? -1 : port(port),
                    text.substring(end));
        } catch (IllegalArgumentException x) {
            // An @ behind the authority may be the end of a password with a slash in it, and the authority its
            // beginning.
            boolean secret = text.lastIndexOf('@') > start;
            throw new IllegalArgumentException(
                    "expected a host name or an address, and a port from 0 to 65535 if need be, behind " + scheme
                            + "://, got "
                            + (secret
                                    ? Printable.quoted(withoutCredentials(text)) + ENCODING
                                    : Printable.quoted(address)));
        }
    }

    private static String host(String text) {
        boolean literal = text.startsWith("[") && text.endsWith("]") && text.indexOf(':') >= 0;
        // RFC 6874 has the percent sign of a zone encoded.
        return HostName.parse(literal ? text.substring(1, text.length() - 1).replace("%25", "%") : text);
    }

    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a port");
        }
        return port;
    }

    private static int endOfAuthority(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the value of {@code Authorization} (RFC 7617, UTF-8) for this URL; null if it has no user. */
    public String basicCredentials() {
        return user == null ? null : basicCredentials(user, password);
    }

    /** Returns the value of {@code Authorization} or {@code Proxy-Authorization} (RFC 7617, UTF-8). */
    public static String basicCredentials(String user, String password) {
        byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Refuses a text without a scheme, saying what to write.
     *
     * @param schemes those to propose
     * @throws IllegalArgumentException if there is none
     */
    public static void requireScheme(String text, String... schemes) {
        if (text.contains(SEPARATOR)) {
            return;
        }
        // Text before an @ may be a password.
        String address = text.indexOf('@') < 0 && !text.isBlank() ? text : "HOST:PORT";
        String example = Arrays.stream(schemes)
                .map(scheme -> scheme + SEPARATOR + address)
                .collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("expected a URL with a scheme, got one without: write "
                + Printable.shortened(example)
                + (text.indexOf('@') < 0 ? "" : ", with USER:PASSWORD@ before HOST"));
    }

    /** Returns what is wrong with a URL whose user or password has characters that stand for something else there. */
    public static String notEncoded(String url) {
        return "expected a user and a password, percent-encoded, before the @ of "
                + Printable.quoted(withoutCredentials(url)) + ENCODING;
    }

    /** Returns a URL with everything between scheme and last {@code @} replaced by an ellipsis, whatever it holds. */
    public static String withoutCredentials(String url) {
        int start = url.indexOf(SEPARATOR);
        int at = url.lastIndexOf('@');
        return start < 0 || at < start ? url : url.substring(0, start) + SEPARATOR + "…" + url.substring(at);
    }

    /** Returns a text with what may be the credentials of a URL in it replaced by an ellipsis. */
    public static String masked(String text) {
        return CREDENTIALS.matcher(text).replaceAll("://…@");
    }

    /** Returns host and port as a URL has them. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + (port < 0 ? "" : ":" + port);
    }

    /** Returns the URL for people: an ellipsis for credentials, and both forms of an international name. */
    @Override
    public String toString() {
        return HostName.withUnicode(scheme + SEPARATOR + (user == null ? "" : "…@") + address() + target, host);
    }
}
