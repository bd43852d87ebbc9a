package io.v2ws.config;

import io.v2ws.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Xray and v2ray: {@code wsSettings}, {@code streamSettings}, an entry, or a whole configuration. Used once. */
final class V2RayReader {
    private static final List<String> STREAM_KEYS =
            List.of("network", "method", "wsSettings", "security", "tlsSettings");

    private final Side side;
    private final Warnings warnings;
    private final V2RayTransport transports;

    V2RayReader(Side side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
        this.transports = new V2RayTransport(side, warnings);
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
        if (keys.stream().anyMatch(STREAM_KEYS::contains)) {
            return stream(object, "", Optional.empty(), Optional.empty(), Optional.empty());
        }
        return bare(transports.read(object));
    }

    private TunnelConfig bare(TransportDraft draft) {
        return new TunnelConfig(
                "",
                transports.options(draft, false, Optional.empty(), Optional.empty()),
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
        boolean clients =
                settings.isPresent() && settings.get().asObject().keys().contains("clients");
        return clients || object.keys().contains("listen") || object.keys().contains("port");
    }

    private TunnelConfig tunnel(ConfigNode node, boolean inbound) throws ConfigException {
        ConfigObject object = node.asObject();
        warnings.addUnused(object, "tag", "protocol", "settings", "streamSettings", "listen", "port");
        ConfigObject stream = object.require("streamSettings", "settings with the network \"ws\"")
                .asObject();
        V2RayAccount account = V2RayAccount.of(object, inbound);
        Optional<TunnelConfig.Inbound> ends = inbound ? Optional.of(inbound(object, stream)) : Optional.empty();
        return stream(stream, Scalars.text(object, "tag").orElse(""), account.server(), account.account(), ends);
    }

    private TunnelConfig stream(
            ConfigObject stream,
            String name,
            Optional<HostAndPort> server,
            Optional<Account> account,
            Optional<TunnelConfig.Inbound> inbound)
            throws ConfigException {
        if (!isWebSocket(network(stream))) {
            String key =
                    stream.get("network").isPresent() || stream.get("method").isEmpty() ? "network" : "method";
            throw stream.require(key, "\"ws\", for TCP is the default")
                    .expected("\"ws\", the only transport spoken here");
        }
        warnings.addUnused(stream, STREAM_KEYS.toArray(String[]::new));
        Optional<TlsConfig> tls = tls(stream);
        Optional<ConfigNode> settings = stream.get("wsSettings");
        TransportDraft draft =
                settings.isPresent() ? transports.read(settings.get().asObject()) : new TransportDraft();
        boolean ofServer = inbound.isPresent();
        return new TunnelConfig(
                name,
                transports.options(draft, ofServer, server, tls),
                server,
                tls,
                account,
                inbound.map(ends -> withHost(ends, draft.host())),
                draft.stated());
    }

    private static TunnelConfig.Inbound withHost(TunnelConfig.Inbound inbound, String host) {
        return new TunnelConfig.Inbound(
                inbound.listen(), inbound.certificate(), inbound.key(), host.isEmpty() ? List.of() : List.of(host));
    }

    private Optional<TlsConfig> tls(ConfigObject stream) throws ConfigException {
        Optional<ConfigNode> security = stream.get("security");
        String kind = security.isPresent() ? security.get().asString() : "";
        if (kind.isEmpty() || kind.equals("none")) {
            return Optional.empty();
        }
        if (!kind.equals("tls")) {
            throw security.get().expected("\"tls\" or \"none\"");
        }
        Optional<ConfigNode> settings = stream.get("tlsSettings");
        if (settings.isEmpty()) {
            return Optional.of(TlsConfig.of(Optional.empty()));
        }
        ConfigObject tls = settings.get().asObject();
        warnings.addUnused(tls, "serverName", "allowInsecure", "alpn", "fingerprint", "certificates");
        return Optional.of(new TlsConfig(
                Scalars.serverName(tls, "serverName"),
                Scalars.flag(tls, "allowInsecure"),
                Scalars.strings(tls, "alpn"),
                Scalars.nonEmpty(tls, "fingerprint")));
    }

    private static TunnelConfig.Inbound inbound(ConfigObject object, ConfigObject stream) throws ConfigException {
        Optional<ConfigNode> port = object.get("port");
        Optional<HostAndPort> listen = Optional.empty();
        if (port.isPresent()) {
            String host = Scalars.nonEmpty(object, "listen").orElse("0.0.0.0");
            if (host.startsWith("/") || host.startsWith("@")) {
                throw object.require("listen", "an address").expected("an address, not a Unix socket");
            }
            listen = Optional.of(new HostAndPort(host, Scalars.number(port.get(), 1, 65_535)));
        }
        ConfigObject certificate = certificate(stream);
        boolean files = certificate != null
                && certificate.get("certificateFile").isPresent()
                && certificate.get("keyFile").isPresent();
        return new TunnelConfig.Inbound(
                listen,
                files ? Settings.path(certificate, "certificateFile") : Optional.empty(),
                files ? Settings.path(certificate, "keyFile") : Optional.empty(),
                List.of());
    }

    private static ConfigObject certificate(ConfigObject stream) throws ConfigException {
        Optional<ConfigNode> tls = stream.get("tlsSettings");
        Optional<ConfigNode> list = tls.isPresent() ? tls.get().asObject().get("certificates") : Optional.empty();
        return list.isEmpty() || list.get().asList().isEmpty()
                ? null
                : list.get().asList().get(0).asObject();
    }
}
