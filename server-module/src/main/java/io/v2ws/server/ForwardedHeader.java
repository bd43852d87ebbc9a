package io.v2ws.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the header {@code Forwarded} (RFC 7239, 4): a comma or a semicolon inside of quotes separates nothing. */
final class ForwardedHeader {
    private static final Pattern PAIR = Pattern.compile("[ \\t]*+(?:(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]++)="
            + "(?:(?<token>[!#$%&'*+.^_`|~0-9A-Za-z-]++)|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"))?+"
            + "[ \\t]*+(?<end>[;,]|$)");

    private ForwardedHeader() {}

    /**
     * Returns the parameter {@code for} of each hop, the one that is nearest last.
     *
     * @param value of one header
     * @return empty texts for hops without it, and one for a value that does not follow the grammar
     */
    static List<String> hops(String value) {
        List<String> hops = new ArrayList<>();
        String hop = "";
        Matcher pair = PAIR.matcher(value);
        int position = 0;
        while (true) {
            if (!pair.region(position, value.length()).lookingAt()) {
                return List.of("");
            }
            if ("for".equalsIgnoreCase(pair.group("name"))) {
                hop = pair.group("token") != null
                        ? pair.group("token")
                        : pair.group("quoted").replaceAll("\\\\(.)", "$1");
            }
            if (!";".equals(pair.group("end"))) {
                hops.add(hop);
                hop = "";
            }
            if (pair.end() == value.length() && pair.group("end").isEmpty()) {
                return hops;
            }
            position = pair.end();
        }
    }
}
