package io.v2ws.client.socket;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.TlsOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The options of a client as properties of text, which {@link PostgresSocketFactory} describes. Immutable; equal if all
 * properties are. Properties without the prefix are other people's and are ignored.
 */
final class DriverOptions {
    static final String PREFIX = "v2ws.client.";
    static final String URL = PREFIX + "url";

    private static final String HEADER = "header.";
    private static final List<String> OPTIONS = List.of(
            "url",
            "maxEarlyData",
            "earlyDataHeaderName",
            "handshakeTimeout",
            "pingInterval",
            "serverFirstWait",
            "serverFirstLearning",
            HEADER + "NAME",
            "dial",
            "proxy",
            "preconnect",
            "tlsCa",
            "tlsPin",
            "tlsServerName");

    /** Without the prefix. */
    private final Map<String, String> values;

    private DriverOptions(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads and checks options.
     *
     * @param properties may have defaults, and other people's properties
     * @param url the URL of the tunnel where no property says it; null for none
     * @throws IllegalArgumentException naming the property, what was expected and what came
     */
    static DriverOptions parse(Properties properties, String url) {
        Map<String, String> values = new TreeMap<>();
        if (url != null) {
            values.put("url", url);
        }
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                values.put(name.substring(PREFIX.length()), properties.getProperty(name));
            }
        }
        values.keySet().forEach(DriverOptions::requireKnown);
        if (!values.containsKey("url")) {
            throw new IllegalArgumentException(URL + ": expected the ws:// or wss:// URL of the tunnel, got none");
        }
        requireTlsIfSet(values);
        DriverOptions options = new DriverOptions(values);
        try {
            options.builder();
        } catch (IOException x) {
            throw new IllegalArgumentException(PREFIX + "tlsCa: " + x.getMessage(), x);
        }
        return options;
    }

    private static void requireKnown(String name) {
        boolean header = name.startsWith(HEADER) && name.length() > HEADER.length();
        if (!header && !OPTIONS.contains(name)) {
            throw new IllegalArgumentException(
                    "expected one of " + OPTIONS.stream().map(PREFIX::concat).collect(Collectors.joining(", "))
                            + ", got " + Printable.quoted(PREFIX + name));
        }
    }

    private static void requireTlsIfSet(Map<String, String> values) {
        for (String name : values.keySet()) {
            if (name.startsWith("tls") && !values.get("url").startsWith("wss:")) {
                throw new IllegalArgumentException(PREFIX + name + ": expected a wss:// URL beside it");
            }
        }
    }

    /** Starts a client. */
    WebSocketTransportClient newClient() throws IOException {
        return builder().build();
    }

    private WebSocketTransportClient.Builder builder() throws IOException {
        WebSocketTransportClient.Builder builder;
        try {
            builder = WebSocketTransportClient.builder(values.get("url"));
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException(PREFIX + x.getMessage(), x);
        }
        builder.options(transport()).tls(tls());
        read("dial", text -> builder.dial(HostAndPort.parse(text)));
        read("proxy", builder::proxy);
        read("preconnect", text -> builder.preconnect(number(text)));
        return builder;
    }

    private WebSocketTransportOptions transport() throws IOException {
        WebSocketTransportOptions.Builder options = WebSocketTransportOptions.builder();
        read("maxEarlyData", text -> options.maxEarlyData(number(text)));
        read("earlyDataHeaderName", options::earlyDataHeaderName);
        read("handshakeTimeout", text -> options.handshakeTimeout(DurationText.parse(text)));
        read("pingInterval", text -> options.pingInterval(DurationText.parse(text)));
        read("serverFirstWait", text -> options.serverFirstWait(DurationText.parse(text)));
        read("serverFirstLearning", text -> options.serverFirstLearning(bool(text)));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(HEADER)) {
                headers.put(name.substring(HEADER.length()), List.of(value));
            }
        });
        return options.headers(headers).build();
    }

    private TlsOptions tls() throws IOException {
        TlsOptions.Builder tls = TlsOptions.builder();
        read("tlsCa", text -> tls.caFile(Path.of(text)));
        // The values are checked when the options are built.
        read("tlsPin", text -> tls.pinnedCertificates(text).build());
        read("tlsServerName", text -> tls.serverName(text).build());
        return tls.build();
    }

    private interface Reader {
        void read(String text) throws IOException;
    }

    /** Has a value read if the option is set. */
    private void read(String name, Reader reader) throws IOException {
        String text = values.get(name);
        if (text == null) {
            return;
        }
        try {
            reader.read(text);
        } catch (IllegalArgumentException x) {
            String message = x.getMessage();
            String argument = message.startsWith(name + ": ") ? "" : name + ": ";
            throw new IllegalArgumentException(PREFIX + argument + message, x);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException x) {
            throw new IllegalArgumentException("expected a whole number, got " + Printable.quoted(text), x);
        }
    }

    private static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("expected true or false, got " + Printable.quoted(text));
        }
        return text.equals("true");
    }

    /** Names the tunnel, without credentials. */
    @Override
    public String toString() {
        return HostUrl.masked(values.get("url"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DriverOptions options && options.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
