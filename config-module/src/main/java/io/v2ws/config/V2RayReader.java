package io.v2ws.config;

import io.v2ws.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Xray, v2ray 4 and v2ray 5: {@code wsSettings}, {@code streamSettings}, an entry, or a whole configuration. Used
 * once.
 */
final class V2RayReader {
    private static final List<String> STREAM_KEYS =
            List.of("network", "method", "wsSettings", "security", "tlsSettings");

    private final TunnelEnd side;
    private final Warnings warnings;
    private final V2RayTransport transports;
    private final V2RayTls security;

    V2RayReader(TunnelEnd side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
        this.transports = new V2RayTransport(side, warnings);
        this.security = new V2RayTls(warnings);
    }

    TunnelConfig read(ConfigNode root, Optional<String> tag) throws ConfigException {
        ConfigObject object = root.asObject();
        Set<String> keys = object.keys();
        if (keys.contains("outbounds") || keys.contains("inbounds")) {
            Optional<ConfigNode> common = object.get("transport");
            if (common.isPresent()) {
                warnings.add(common.get(), "not used: say it in the streamSettings of the tunnel");
            }
            Entries.Entry chosen = entries(object).choose(tag, side);
            return tunnel(chosen.node(), chosen.inbound());
        }
        if (keys.contains("protocol") || keys.contains("streamSettings")) {
            return tunnel(root, isInbound(object));
        }
        if (keys.stream().anyMatch(STREAM_KEYS::contains) || V2Ray5.isStream(object)) {
            security.certificate(object, false);
            return stream(object, "", Optional.empty(), Optional.empty(), Optional.empty());
        }
        return bare(transports.read(object, false));
    }

    private TunnelConfig bare(TransportDraft draft) {
        return new TunnelConfig(
                "",
                transports.options(draft, false, false, Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                draft.stated());
    }

    private static Entries entries(ConfigObject object) throws ConfigException {
        Entries entries = new Entries(object.node()::error);
        for (String key : List.of("outbounds", "inbounds")) {
            Optional<ConfigNode> list = object.get(key);
            for (ConfigNode node : list.isPresent() ? list.get().asList() : List.<ConfigNode>of()) {
                Optional<ConfigNode> stream = node.asObject().get("streamSettings");
                entries.add(new Entries.Entry(
                        node,
                        Scalars.text(node.asObject(), "tag").orElse(""),
                        key.equals("inbounds"),
                        stream.isPresent() && isWebSocket(network(stream.get().asObject())),
                        null));
            }
        }
        return entries;
    }

    private static String network(ConfigObject stream) throws ConfigException {
        if (V2Ray5.isStream(stream)) {
            return V2Ray5.transport(stream);
        }
        Optional<String> network = Scalars.nonEmpty(stream, "network");
        return network.isPresent()
                ? network.get()
                : Scalars.nonEmpty(stream, "method").orElse("tcp");
    }

    private static boolean isWebSocket(String network) {
        return network.equalsIgnoreCase("ws") || network.equalsIgnoreCase("websocket");
    }

    private static boolean isInbound(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> settings = object.get("settings");
        boolean clients = settings.isPresent()
                && settings.get().asObject().keys().stream().anyMatch(Set.of("clients", "users")::contains);
        return clients || object.keys().contains("listen") || object.keys().contains("port");
    }

    private TunnelConfig tunnel(ConfigNode node, boolean inbound) throws ConfigException {
        ConfigObject object = node.asObject();
        warnings.addUnused(object, "tag", "protocol", "settings", "streamSettings", "listen", "port");
        ConfigObject stream = object.require("streamSettings", "settings with the network \"ws\"")
                .asObject();
        V2RayAccount account = V2RayAccount.of(object, inbound);
        if (V2Ray5.isStream(stream)) {
            account.warnOfUnused(object, warnings);
        }
        Optional<TunnelConfig.Inbound> ends = inbound ? Optional.of(inbound(object, stream)) : Optional.empty();
        if (!inbound) {
            security.certificate(stream, false);
        }
        return stream(stream, Scalars.text(object, "tag").orElse(""), account.server(), account.account(), ends);
    }

    private TunnelConfig stream(
            ConfigObject stream,
            String name,
            Optional<HostAndPort> server,
            Optional<Account> account,
            Optional<TunnelConfig.Inbound> inbound)
            throws ConfigException {
        boolean five = V2Ray5.isStream(stream);
        if (!isWebSocket(network(stream))) {
            String four =
                    stream.get("network").isPresent() || stream.get("method").isEmpty() ? "network" : "method";
            throw stream.require(five ? "transport" : four, "\"ws\", for TCP is the default")
                    .expected("\"ws\", the only transport spoken here");
        }
        warnings.addUnused(stream, (five ? V2Ray5.STREAM_KEYS : STREAM_KEYS).toArray(String[]::new));
        Optional<TlsConfig> tls = security.read(stream);
        Optional<ConfigNode> settings = stream.get(five ? "transportSettings" : "wsSettings");
        TransportDraft draft =
                settings.isPresent() ? transports.read(settings.get().asObject(), five) : new TransportDraft(warnings);
        boolean ofServer = inbound.isPresent();
        return new TunnelConfig(
                name,
                transports.options(draft, ofServer, five, server, tls),
                server,
                tls,
                account,
                // A server of v2ray 5 answers to every Host.
                inbound.map(ends -> five ? ends : withHost(ends, draft.host())),
                draft.stated());
    }

    private static TunnelConfig.Inbound withHost(TunnelConfig.Inbound inbound, String host) {
        return new TunnelConfig.Inbound(
                inbound.listen(), inbound.certificate(), inbound.key(), host.isEmpty() ? List.of() : List.of(host));
    }

    private TunnelConfig.Inbound inbound(ConfigObject object, ConfigObject stream) throws ConfigException {
        Optional<ConfigNode> port = object.get("port");
        Optional<HostAndPort> listen = Optional.empty();
        if (port.isPresent()) {
            String host = Scalars.nonEmpty(object, "listen").orElse("0.0.0.0");
            if (host.startsWith("/") || host.startsWith("@")) {
                throw object.require("listen", "an address").expected("an address, not a Unix socket");
            }
            listen = Optional.of(new HostAndPort(host, Scalars.number(port.get(), 1, 65_535)));
        }
        V2RayTls.Files files = security.certificate(stream, true);
        return new TunnelConfig.Inbound(listen, files.certificate(), files.key(), List.of());
    }
}
