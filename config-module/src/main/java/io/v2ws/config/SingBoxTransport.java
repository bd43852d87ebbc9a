package io.v2ws.config;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.internal.net.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Transport options as sing-box writes them, {@code {"type": "ws", "path": "/tunnel", "max_early_data": 2048, …}}, with
 * the options sing-box does not have beside them: {@code handshake_timeout}, {@code ping_interval},
 * {@code pong_timeout}, {@code close_timeout}, {@code close_write_timeout}, {@code text}, {@code half_close},
 * {@code half_close_linger}, {@code reset_delay}, {@code server_first_wait}, {@code
 * server_first_learning}.
 */
public final class SingBoxTransport {
    /** A time among our own keys. */
    private enum Time {
        HANDSHAKE_TIMEOUT(
                WebSocketTransportOptions::handshakeTimeout, WebSocketTransportOptions.Builder::handshakeTimeout),
        PING_INTERVAL(WebSocketTransportOptions::pingInterval, WebSocketTransportOptions.Builder::pingInterval),
        PONG_TIMEOUT(WebSocketTransportOptions::pongTimeout, WebSocketTransportOptions.Builder::pongTimeout),
        CLOSE_TIMEOUT(WebSocketTransportOptions::closeTimeout, WebSocketTransportOptions.Builder::closeTimeout),
        CLOSE_WRITE_TIMEOUT(
                WebSocketTransportOptions::closeWriteTimeout, WebSocketTransportOptions.Builder::closeWriteTimeout),
        HALF_CLOSE_LINGER(
                WebSocketTransportOptions::halfCloseLinger, WebSocketTransportOptions.Builder::halfCloseLinger),
        RESET_DELAY(WebSocketTransportOptions::resetDelay, WebSocketTransportOptions.Builder::resetDelay),
        SERVER_FIRST_WAIT(
                WebSocketTransportOptions::serverFirstWait, WebSocketTransportOptions.Builder::serverFirstWait);

        private final Function<WebSocketTransportOptions, Duration> getter;
        private final Setter setter;

        Time(Function<WebSocketTransportOptions, Duration> getter, Setter setter) {
            this.getter = getter;
            this.setter = setter;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private interface Setter {
        WebSocketTransportOptions.Builder set(WebSocketTransportOptions.Builder builder, Duration value);
    }

    private static final String TYPE = "ws";
    private static final String[] KEYS = {
        "type",
        "path",
        "headers",
        "max_early_data",
        "early_data_header_name",
        "handshake_timeout",
        "ping_interval",
        "pong_timeout",
        "close_timeout",
        "close_write_timeout",
        "text",
        "half_close",
        "half_close_linger",
        "reset_delay",
        "server_first_wait",
        "server_first_learning"
    };

    private SingBoxTransport() {}

    /**
     * Reads the transport object; absent keys have the defaults of {@link WebSocketTransportOptions}.
     *
     * @throws ConfigException if a key is unknown, a value out of range, {@code type} is not {@code ws}, or two keys
     *     contradict each other
     */
    public static WebSocketTransportOptions read(ConfigNode transport) throws ConfigException {
        return read(transport, WebSocketTransportOptions.defaults());
    }

    /**
     * Reads the transport object.
     *
     * @param defaults what absent keys mean
     * @throws ConfigException as {@link #read(ConfigNode)}
     */
    public static WebSocketTransportOptions read(ConfigNode transport, WebSocketTransportOptions defaults)
            throws ConfigException {
        ConfigObject object = transport.asObject();
        ConfigNode type = object.require("type", "\"ws\"");
        if (!type.asString().equals(TYPE)) {
            throw type.expected("\"ws\", the only transport spoken here");
        }
        object.rejectUnknownKeys(KEYS);
        WebSocketTransportOptions.Builder builder = defaults.toBuilder();
        readString(object, "path", builder::path);
        readHeaders(object, "headers", builder);
        readEarlyData(object, builder);
        for (Time time : Time.values()) {
            Optional<ConfigNode> value = object.get(time.key());
            if (value.isPresent()) {
                value.get().pass(value.get().asDuration(), duration -> time.setter.set(builder, duration));
            }
        }
        readString(object, "text", text -> builder.text(TextMode.parse(text)));
        Optional<ConfigNode> halfClose = object.get("half_close");
        if (halfClose.isPresent()) {
            builder.halfClose(halfClose.get().asBoolean());
        }
        Optional<ConfigNode> learning = object.get("server_first_learning");
        if (learning.isPresent()) {
            builder.serverFirstLearning(learning.get().asBoolean());
        }
        WebSocketTransportOptions options = builder.build();
        rejectTwoUsesOfOneHeader(object, options);
        return options;
    }

    /**
     * Returns the transport object as JSON text: {@code type}, {@code path}, and whatever is not at its default.
     * {@link #read(ConfigNode)} makes equal options of it, unless they are such as it rejects: early data in a header
     * that {@code headers} sets too.
     *
     * @throws IllegalArgumentException if a duration is longer than the 292 years that Go knows
     */
    public static String write(WebSocketTransportOptions options) {
        WebSocketTransportOptions defaults = WebSocketTransportOptions.defaults();
        Map<String, Object> tree = tree(options);
        for (Time time : Time.values()) {
            if (!time.getter.apply(options).equals(time.getter.apply(defaults))) {
                tree.put(time.key(), DurationText.format(time.getter.apply(options)));
            }
        }
        if (options.text() != defaults.text()) {
            tree.put("text", options.text().toString());
        }
        if (options.halfClose() != defaults.halfClose()) {
            tree.put("half_close", options.halfClose());
        }
        if (options.serverFirstLearning() != defaults.serverFirstLearning()) {
            tree.put("server_first_learning", options.serverFirstLearning());
        }
        return JsonPrinter.print(tree, false);
    }

    /** Returns the keys of a transport object that sing-box does not have. */
    static Set<String> ownKeys(ConfigNode transport) throws ConfigException {
        Set<String> own = new TreeSet<>(transport.asObject().keys());
        own.removeAll(List.of("type", "path", "headers", "max_early_data", "early_data_header_name"));
        return own;
    }

    /** Returns the values of sing-box's own keys, to be written. */
    static Map<String, Object> tree(WebSocketTransportOptions options) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", TYPE);
        tree.put("path", options.path());
        if (!options.headers().isEmpty()) {
            Map<String, Object> headers = new LinkedHashMap<>();
            options.headers().forEach((name, values) -> headers.put(name, values.size() == 1 ? values.get(0) : values));
            tree.put("headers", headers);
        }
        if (options.maxEarlyData() > 0) {
            tree.put("max_early_data", options.maxEarlyData());
        }
        if (!options.earlyDataHeaderName().isEmpty()) {
            tree.put("early_data_header_name", options.earlyDataHeaderName());
        }
        return tree;
    }

    /** Returns the value of one of our own keys as a text. */
    static String ownValue(String key, WebSocketTransportOptions options) {
        return switch (key) {
            case "half_close" -> String.valueOf(options.halfClose());
            case "server_first_learning" -> String.valueOf(options.serverFirstLearning());
            case "text" -> options.text().toString();
            default ->
                DurationText.format(
                        Time.valueOf(key.toUpperCase(Locale.ROOT)).getter.apply(options));
        };
    }

    private static void readString(ConfigObject object, String key, Consumer<String> setter) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        if (value.isPresent()) {
            value.get().pass(value.get().asString(), setter);
        }
    }

    private static void readEarlyData(ConfigObject object, WebSocketTransportOptions.Builder builder)
            throws ConfigException {
        Optional<ConfigNode> bytes = object.get("max_early_data");
        if (bytes.isPresent()) {
            builder.maxEarlyData(bytes.get().asInt(0, Integer.MAX_VALUE));
        }
        readString(object, "early_data_header_name", builder::earlyDataHeaderName);
    }

    /** Reads the headers of a key; a missing key changes nothing. */
    static void readHeaders(ConfigObject object, String key, WebSocketTransportOptions.Builder builder)
            throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        if (value.isEmpty()) {
            return;
        }
        ConfigObject headers = value.get().asObject();
        builder.headers(Map.of());
        for (Map.Entry<String, List<String>> header : readHeaders(headers).entrySet()) {
            headers.require(header.getKey(), "a header")
                    .pass(header.getValue(), strings -> builder.header(header.getKey(), strings));
        }
    }

    /** Returns the values of headers, each once whatever its letters. */
    static Map<String, List<String>> readHeaders(ConfigObject headers) throws ConfigException {
        Map<String, List<String>> read = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : headers.keys()) {
            ConfigNode values = headers.require(name, "a string or a list of strings");
            if (!names.add(name)) {
                throw values.errorAtKey("expected each header once, got it again in other letters");
            }
            read.put(name, values.asStrings());
        }
        return read;
    }

    private static void rejectTwoUsesOfOneHeader(ConfigObject object, WebSocketTransportOptions options)
            throws ConfigException {
        if (options.maxEarlyData() == 0 || options.earlyDataHeaderName().isEmpty()) {
            return;
        }
        Optional<ConfigNode> headers = object.get("headers");
        if (headers.isEmpty()) {
            return;
        }
        ConfigObject byName = headers.get().asObject();
        for (String name : byName.keys()) {
            if (name.equalsIgnoreCase(options.earlyDataHeaderName())) {
                throw byName.require(name, "a header")
                        .errorAtKey("expected another header than early_data_header_name, got the one that carries"
                                + " early data");
            }
        }
    }
}
