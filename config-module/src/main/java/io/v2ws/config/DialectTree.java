package io.v2ws.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A source as a tree, and the dialect that its keys are of.
 *
 * @param dialect the dialect
 * @param root null for links
 */
record DialectTree(Dialect dialect, ConfigNode root) {
    private static final Set<String> SING_BOX_KEYS =
            Set.of("max_early_data", "early_data_header_name", "server_port", "listen_port", "type");
    private static final Set<String> XRAY_KEYS = Set.of(
            "protocol",
            "streamSettings",
            "wsSettings",
            "transportSettings",
            "securitySettings",
            "network",
            "method",
            "host",
            "path",
            "headers",
            "maxEarlyData",
            "earlyDataHeaderName",
            "acceptProxyProtocol",
            "heartbeatPeriod",
            "useBrowserForwarding");
    private static final Set<String> CLASH_KEYS =
            Set.of("proxies", "ws-opts", "max-early-data", "early-data-header-name", "v2ray-http-upgrade");

    /**
     * Parses a source and finds out what it is.
     *
     * @param asked what the user says it is
     */
    static DialectTree of(ConfigSource source, Optional<Dialect> asked) throws ConfigException {
        if (source.text().isBlank()) {
            throw new ConfigException(
                    source.name(),
                    Location.START,
                    "",
                    "expected a configuration or a share link, got an empty text",
                    null);
        }
        boolean link = ConfigSource.scheme(source.text().strip()) != null;
        if (asked.map(Dialect.LINK::equals).orElse(link)) {
            return new DialectTree(Dialect.LINK, null);
        }
        boolean json = asked.filter(Dialect.CLASH::equals).isEmpty() && isJson(source.text());
        ConfigNode root = json
                ? ConfigParser.parse(source.name(), source.text())
                : YamlParser.parse(source.name(), source.text());
        return new DialectTree(asked.isPresent() ? asked.get() : dialect(root, json), root);
    }

    static Dialect dialect(ConfigNode root, boolean json) throws ConfigException {
        if (root.isList() && !json) {
            return Dialect.CLASH;
        }
        if (!root.isObject()) {
            throw root.error("expected a sing-box, Xray or Clash configuration, or a share link, got something else");
        }
        ConfigObject object = root.asObject();
        Set<String> keys = object.keys();
        if (keys.contains("outbounds") || keys.contains("inbounds")) {
            return hasProtocol(object) ? Dialect.XRAY : Dialect.SING_BOX;
        }
        if (keys.stream().anyMatch(CLASH_KEYS::contains) || (!json && !keys.contains("protocol"))) {
            return Dialect.CLASH;
        }
        // A network beside a type is how Clash names a transport, also where it is written as JSON.
        if (keys.contains("type") && keys.contains("network") && !keys.contains("transport")) {
            return Dialect.CLASH;
        }
        if (keys.stream().anyMatch(SING_BOX_KEYS::contains)) {
            return Dialect.SING_BOX;
        }
        if (keys.stream().anyMatch(XRAY_KEYS::contains) || V2Ray5.isStreamAlone(object)) {
            return Dialect.XRAY;
        }
        throw root.error("expected keys of a sing-box, Xray or Clash configuration, got none of them");
    }

    /** Whether an object has a key that only Xray's or Clash's settings have. */
    static boolean isOther(ConfigObject object) {
        Set<String> common = Set.of("path", "headers");
        return object.keys().stream()
                .anyMatch(key -> !common.contains(key) && (XRAY_KEYS.contains(key) || CLASH_KEYS.contains(key)));
    }

    /** Whether the entries of a whole configuration have a {@code protocol}, as Xray's, and not a {@code type}. */
    private static boolean hasProtocol(ConfigObject object) throws ConfigException {
        for (String key : List.of("outbounds", "inbounds")) {
            Optional<ConfigNode> list = object.get(key);
            for (ConfigNode entry : list.isPresent() ? list.get().asList() : List.<ConfigNode>of()) {
                if (entry.asObject().get("type").isPresent()) {
                    return false;
                }
                if (entry.asObject().get("protocol").isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the first character that is neither white space nor in a comment opens a JSON object or list. */
    private static boolean isJson(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                at = end < 0 ? text.length() : end + 2;
            } else {
                return c == '{' || c == '[';
            }
        }
        return false;
    }
}
