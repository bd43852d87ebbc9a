package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A transport while it is read from a dialect whose paths may hold {@code ?ed=N} and whose headers have one value each:
 * Xray, Clash, links.
 */
final class TransportDraft {
    /** Begins the warning about a list of hosts. */
    static final String OTHER_HOSTS = "only the first host is used, because a request has one; ignored: ";

    static final String NOT_SENT = "not used: clients send it, not servers";

    final WebSocketTransportOptions.Builder options = WebSocketTransportOptions.builder();
    private final Set<String> stated = new TreeSet<>();
    private OptionalInt bytesInPath = OptionalInt.empty();
    private final List<ConfigNode> headerNodes = new ArrayList<>();
    private final Consumer<String> hostWarning;
    private ConfigNode hostNode;
    private String host = "";

    /**
     * Starts with nothing.
     *
     * @param warnings receives a warning for each value that has no effect
     */
    TransportDraft(Warnings warnings) {
        this.hostWarning = problem -> warnings.add(hostNode, problem);
    }

    /**
     * Starts with nothing, for a source without nodes (a link).
     *
     * @param hostWarning receives a warning for each host that has no effect
     */
    TransportDraft(Consumer<String> hostWarning) {
        this.hostWarning = hostWarning;
    }

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

    /** Takes the path of a key as it is, for dialects that have no early data in it. */
    void wholePath(ConfigObject object, Warnings warnings) throws ConfigException {
        Optional<ConfigNode> value = object.get("path");
        if (value.isPresent()) {
            String path = Scalars.text(value.get());
            value.get().pass(path, options::path);
            if (EarlyDataQuery.isIn(path)) {
                warnings.add(value.get(), "?ed= is a part of the path here, as in v2ray 5; early data is maxEarlyData");
            }
        }
    }

    /** Takes the headers of a key, the {@code Host} among them apart. */
    void headers(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("headers");
        if (value.isPresent()) {
            headers(value.get());
        }
    }

    /** Takes the headers of an object, the {@code Host} among them apart. */
    void headers(ConfigNode object) throws ConfigException {
        ConfigObject headers = object.asObject();
        Map<String, List<String>> read = SingBoxTransport.readHeaders(headers);
        for (Map.Entry<String, List<String>> header : read.entrySet()) {
            header(header.getKey(), header.getValue(), headers.require(header.getKey(), "a string"));
        }
    }

    private void header(String name, List<String> values, ConfigNode at) throws ConfigException {
        if (!name.equalsIgnoreCase("Host")) {
            headerNodes.add(at);
            at.pass(values, strings -> options.header(name, strings));
            return;
        }
        if (values.size() > 1) {
            throw at.errorAtKey("expected one host, got " + values.size());
        }
        hostNode = at;
        at.pass(values, strings -> strings.forEach(this::host));
    }

    /** Takes headers that stand in a list of objects with {@code key} and {@code value}, as in v2ray 5. */
    void headerList(ConfigNode list) throws ConfigException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        Map<String, ConfigNode> places = new LinkedHashMap<>();
        for (ConfigNode item : list.asList()) {
            ConfigObject header = item.asObject();
            header.rejectUnknownKeys("key", "value");
            ConfigNode value = header.require("value", "a string");
            String name = header.require("key", "the name of a header").asString();
            String known = places.keySet().stream()
                    .filter(name::equalsIgnoreCase)
                    .findFirst()
                    .orElse(name);
            places.putIfAbsent(known, value);
            values.computeIfAbsent(known, ignored -> new ArrayList<>()).add(value.asString());
        }
        for (Map.Entry<String, List<String>> header : values.entrySet()) {
            header(header.getKey(), header.getValue(), places.get(header.getKey()));
        }
    }

    /**
     * Takes the value of {@code Host}; empty says nothing. A list with commas gives its first host: a request has one.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    void host(String value) {
        List<String> hosts = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        if (hosts.isEmpty()) {
            return;
        }
        host = hostValue(hosts.get(0));
        if (hosts.size() > 1) {
            hostWarning.accept(OTHER_HOSTS + Printable.shortened(String.join(", ", hosts.subList(1, hosts.size()))));
        }
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
            hostNode.pass(value.get(), this::host);
        }
    }

    String host() {
        return host;
    }

    /** Returns the TLS server name of dialects that take it from the host; empty if there is no host, or an address. */
    Optional<String> serverNameOfHost() throws ConfigException {
        if (hostNode == null) {
            return Optional.empty();
        }
        try {
            return LinkText.hostName(host);
        } catch (IllegalArgumentException e) {
            throw hostNode.error(e.getMessage());
        }
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
