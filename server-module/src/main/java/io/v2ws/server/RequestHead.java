package io.v2ws.server;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The parts of a request head that the decision about a tunnel needs.
 *
 * @param method as received
 * @param protocol such as {@code HTTP/1.1}
 * @param path the raw (undecoded) path below the context path
 * @param query the raw query; null for none
 * @param headers returns the values of a header in order; empty for none
 */
record RequestHead(String method, String protocol, String path, String query, Function<String, List<String>> headers) {

    List<String> header(String name) {
        return headers.apply(name);
    }

    /** Returns whether a comma-separated header contains a token. Case is ignored; {@code token} is in lower case. */
    boolean hasToken(String name, String token) {
        for (String value : header(name)) {
            for (String part : value.split(",")) {
                if (part.trim().toLowerCase(Locale.ROOT).equals(token)) {
                    return true;
                }
            }
        }
        return false;
    }
}
