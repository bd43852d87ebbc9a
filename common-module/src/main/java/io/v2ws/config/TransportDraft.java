package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.Printable;
import io.v2ws.WebSocketTransportOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A transport while it is read from a dialect whose paths may hold {@code ?ed=N} and whose headers have one value each:
 * Xray, Clash, links.
 */
final class TransportDraft {
    static final String NOT_SENT = "not used: clients send it, not servers";

    final WebSocketTransportOptions.Builder options = WebSocketTransportOptions.builder();
    private final Set<String> stated = new TreeSet<>();
    private OptionalInt bytesInPath = OptionalInt.empty();
    private final List<ConfigNode> headerNodes = new ArrayList<>();
    private ConfigNode hostNode;
    private String host = "";

    /** Takes the path, and early data out of it. */
    void path(String path) {
        EarlyDataQuery query = EarlyDataQuery.take(path);
        bytesInPath = query.bytes();
        options.path(query.path());
    }

    /** Takes the path of a key. */
    void path(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("path");
        if (value.isPresent()) {
            value.get().pass(Scalars.text(value.get()), this::path);
        }
    }

    /** Takes the headers of a key, the {@code Host} among them apart. */
    void headers(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("headers");
        if (value.isEmpty()) {
            return;
        }
        ConfigObject headers = value.get().asObject();
        Map<String, List<String>> read = SingBoxTransport.readHeaders(headers);
        for (Map.Entry<String, List<String>> header : read.entrySet()) {
            ConfigNode at = headers.require(header.getKey(), "a string");
            if (header.getKey().equalsIgnoreCase("Host")) {
                if (header.getValue().size() > 1) {
                    throw at.errorAtKey(
                            "expected one host, got " + header.getValue().size());
                }
                hostNode = at;
                at.pass(header.getValue(), values -> values.forEach(this::host));
            } else {
                headerNodes.add(at);
                at.pass(header.getValue(), values -> options.header(header.getKey(), values));
            }
        }
    }

    /**
     * Takes the value of {@code Host}; empty says nothing.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    void host(String value) {
        host = value.isEmpty() ? host : hostValue(value);
    }

    private static String hostValue(String value) {
        if (value.chars().allMatch(c -> c > ' ' && c != 127 && "/?#@\\".indexOf(c) < 0)) {
            return value;
        }
        throw new IllegalArgumentException(
                "expected a host name such as \"example.org\", got " + Printable.quoted(value));
    }

    /** Takes the value of {@code Host} from a key of its own, which wins. */
    void host(ConfigObject object) throws ConfigException {
        Optional<String> value = Scalars.nonEmpty(object, "host");
        if (value.isPresent()) {
            hostNode = object.require("host", "a host");
            host = hostNode.parsed(TransportDraft::hostValue);
        }
    }

    String host() {
        return host;
    }

    /** Notes that the source sets an option that is not sing-box's. */
    void state(String option) {
        stated.add(option);
    }

    Set<String> stated() {
        return stated;
    }

    /**
     * Takes early data from keys of their own; a number in the path takes their place.
     *
     * @param bytes null if not said
     * @param header null if not said
     * @param warnings hears of what has lost its place
     */
    void earlyData(ConfigNode bytes, ConfigNode header, Warnings warnings) throws ConfigException {
        if (bytes != null) {
            options.maxEarlyData(Scalars.number(bytes, 0, Integer.MAX_VALUE));
        }
        if (header != null) {
            header.pass(Scalars.text(header), options::earlyDataHeaderName);
        }
        if (bytesInPath.isEmpty()) {
            return;
        }
        if (bytes != null) {
            warnings.add(bytes, "not used: ?ed=" + bytesInPath.getAsInt() + " in the path takes its place");
        }
        if (header != null && !header.isEmptyOrFalse()) {
            warnings.add(
                    header,
                    "not used: ?ed=" + bytesInPath.getAsInt() + " in the path means "
                            + WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        }
        takeEarlyDataOfPath();
    }

    /** Whether the path asked for early data. */
    boolean takeEarlyDataOfPath() {
        bytesInPath.ifPresent(bytes -> {
            options.maxEarlyData(bytes);
            options.earlyDataHeaderName(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        });
        return bytesInPath.isPresent();
    }

    /** Returns the options of a client: the {@code Host} is the host, else the TLS server name, else the address. */
    WebSocketTransportOptions forClient(Optional<HostAndPort> server, Optional<TlsConfig> tls) {
        return withHost(options.build(), host, server, tls);
    }

    /** Returns the options with the {@code Host} that a client sends. */
    static WebSocketTransportOptions withHost(
            WebSocketTransportOptions options, String host, Optional<HostAndPort> server, Optional<TlsConfig> tls) {
        String name = tls.flatMap(TlsConfig::serverName).orElse("");
        boolean other =
                !server.map(address -> address.host().equalsIgnoreCase(name)).orElse(false);
        String value = host.isEmpty() && other ? name : host;
        if (value.isEmpty()) {
            return options;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of(value));
        headers.putAll(options.headers());
        return options.toBuilder().headers(headers).build();
    }

    /**
     * Returns the options of a server, whose answers have none of the headers that clients send.
     *
     * @param hostIsChecked whether the server accepts the host and no other
     */
    WebSocketTransportOptions forServer(boolean hostIsChecked, Warnings warnings) {
        if (hostNode != null && !hostIsChecked) {
            warnings.add(hostNode, NOT_SENT + "; a server may ask for it (--host NAME)");
        }
        headerNodes.forEach(node -> warnings.add(node, NOT_SENT));
        return options.build().toBuilder().headers(Map.of()).build();
    }
}
