package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads sing-box: a transport object, an inbound or outbound, or a whole configuration. Used once. */
final class SingBoxReader {
    private static final String[] ENTRY_KEYS = {
        "type",
        "tag",
        "server",
        "server_port",
        "listen",
        "listen_port",
        "users",
        "uuid",
        "password",
        "security",
        "alter_id",
        "flow",
        "tls",
        "transport"
    };
    private static final String[] TLS_KEYS = {
        "enabled", "server_name", "insecure", "alpn", "utls", "reality", "certificate_path", "key_path"
    };

    private final TunnelEnd side;
    private final Warnings warnings;

    SingBoxReader(TunnelEnd side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
    }

    TunnelConfig read(ConfigNode root, Optional<String> tag) throws ConfigException {
        ConfigObject object = root.asObject();
        Set<String> keys = object.keys();
        if (keys.contains("outbounds") || keys.contains("inbounds")) {
            Entries entries = new Entries(root::error);
            for (String key : List.of("outbounds", "inbounds")) {
                Optional<ConfigNode> list = object.get(key);
                for (ConfigNode node : list.isPresent() ? list.get().asList() : List.<ConfigNode>of()) {
                    entries.add(entry(node, key.equals("inbounds")));
                }
            }
            Entries.Entry chosen = entries.choose(tag, side);
            return tunnel(chosen.node(), chosen.inbound());
        }
        boolean entry = keys.contains("transport") || keys.contains("server") || keys.contains("listen");
        return entry
                ? tunnel(root, !keys.contains("server") && (keys.contains("listen") || keys.contains("users")))
                : bare(root);
    }

    private static Entries.Entry entry(ConfigNode node, boolean inbound) throws ConfigException {
        ConfigObject object = node.asObject();
        Optional<ConfigNode> transport = object.get("transport");
        boolean webSocket = false;
        if (transport.isPresent()) {
            Optional<ConfigNode> type = transport.get().asObject().get("type");
            webSocket = type.isPresent() && type.get().asString().equals("ws");
        }
        return new Entries.Entry(node, Scalars.text(object, "tag").orElse(""), inbound, webSocket, null);
    }

    private TunnelConfig bare(ConfigNode transport) throws ConfigException {
        return new TunnelConfig(
                "",
                transport(transport, false, Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SingBoxTransport.ownKeys(transport));
    }

    private TunnelConfig tunnel(ConfigNode node, boolean inbound) throws ConfigException {
        ConfigObject object = node.asObject();
        warnings.addUnused(object, ENTRY_KEYS);
        ConfigNode transport = object.require("transport", "a transport of the type \"ws\"");
        Optional<ConfigObject> tlsObject = enabledTls(object);
        Optional<TlsConfig> tls = tlsObject.isPresent() ? Optional.of(tls(tlsObject.get(), inbound)) : Optional.empty();
        Optional<HostAndPort> server = inbound ? Optional.empty() : Scalars.address(object, "server", "server_port");
        return new TunnelConfig(
                Scalars.text(object, "tag").orElse(""),
                transport(transport, !inbound && side == TunnelEnd.SERVER, server, inbound ? Optional.empty() : tls),
                server,
                tls,
                inbound ? onlyUser(object) : account(object, object),
                inbound ? Optional.of(inbound(object, tlsObject)) : Optional.empty(),
                SingBoxTransport.ownKeys(transport));
    }

    private WebSocketTransportOptions transport(
            ConfigNode node, boolean ofClient, Optional<HostAndPort> server, Optional<TlsConfig> tls)
            throws ConfigException {
        WebSocketTransportOptions options = SingBoxTransport.read(node);
        warnOfEarlyDataInPath(node, options);
        if (side == TunnelEnd.CLIENT) {
            boolean hasHost = options.headers().keySet().stream().anyMatch("Host"::equalsIgnoreCase);
            return hasHost ? withOneHost(node, options) : TransportDraft.withHost(options, "", server, tls);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> header : options.headers().entrySet()) {
            if (ofClient || header.getKey().equalsIgnoreCase("Host")) {
                ConfigObject all =
                        node.asObject().require("headers", "an object").asObject();
                warnings.add(all.require(header.getKey(), "a header"), TransportDraft.NOT_SENT);
            } else {
                headers.put(header.getKey(), header.getValue());
            }
        }
        return options.toBuilder().headers(headers).build();
    }

    /** A request has one {@code Host}; sing-box sends the first of a list. */
    private WebSocketTransportOptions withOneHost(ConfigNode node, WebSocketTransportOptions options)
            throws ConfigException {
        Map<String, List<String>> headers = new LinkedHashMap<>(options.headers());
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            List<String> hosts = header.getValue();
            if (header.getKey().equalsIgnoreCase("Host") && hosts.size() > 1) {
                ConfigObject all =
                        node.asObject().require("headers", "an object").asObject();
                warnings.add(
                        all.require(header.getKey(), "a header"),
                        TransportDraft.OTHER_HOSTS
                                + Printable.shortened(String.join(", ", hosts.subList(1, hosts.size()))));
                header.setValue(hosts.subList(0, 1));
            }
        }
        return options.toBuilder().headers(headers).build();
    }

    private void warnOfEarlyDataInPath(ConfigNode node, WebSocketTransportOptions options) throws ConfigException {
        Optional<ConfigNode> path = node.asObject().get("path");
        if (path.isPresent() && EarlyDataQuery.isIn(options.path())) {
            warnings.add(path.get(), "?ed= is a part of the path here, as in sing-box; early data is max_early_data");
        }
    }

    private static Optional<ConfigObject> enabledTls(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> node = object.get("tls");
        if (node.isEmpty() || !Scalars.flag(node.get().asObject(), "enabled")) {
            return Optional.empty();
        }
        return Optional.of(node.get().asObject());
    }

    private TlsConfig tls(ConfigObject tls, boolean inbound) throws ConfigException {
        Optional<ConfigNode> reality = tls.get("reality");
        if (reality.isPresent() && Scalars.flag(reality.get().asObject(), "enabled")) {
            throw reality.get().errorAtKey("expected plain TLS, got REALITY, which no WebSocket of v2ws speaks");
        }
        warnings.addUnused(tls, TLS_KEYS);
        Optional<ConfigNode> authority = tls.get("certificate_path");
        if (!inbound && authority.isPresent()) {
            warnings.add(authority.get(), "not taken over: give the authorities to trust yourself (--tls-ca)");
        }
        Optional<ConfigNode> utls = tls.get("utls");
        boolean imitates = utls.isPresent() && Scalars.flag(utls.get().asObject(), "enabled");
        return new TlsConfig(
                Scalars.serverName(tls, "server_name"),
                Scalars.flag(tls, "insecure"),
                Scalars.strings(tls, "alpn"),
                imitates
                        ? Optional.of(Scalars.nonEmpty(utls.get().asObject(), "fingerprint")
                                .orElse("chrome"))
                        : Optional.empty());
    }

    private static TunnelConfig.Inbound inbound(ConfigObject object, Optional<ConfigObject> tls)
            throws ConfigException {
        boolean files = tls.isPresent()
                && tls.get().get("certificate_path").isPresent()
                && tls.get().get("key_path").isPresent();
        return new TunnelConfig.Inbound(
                Scalars.address(object, "listen", "listen_port"),
                files ? Settings.path(tls.get(), "certificate_path") : Optional.empty(),
                files ? Settings.path(tls.get(), "key_path") : Optional.empty(),
                List.of());
    }

    private static Optional<Account> onlyUser(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> users = object.get("users");
        boolean one = users.isPresent() && users.get().asList().size() == 1;
        return one ? account(object, users.get().asList().get(0).asObject()) : Optional.empty();
    }

    private static Optional<Account> account(ConfigObject entry, ConfigObject user) throws ConfigException {
        Account.Protocol protocol =
                Account.Protocol.of(Scalars.text(entry, "type").orElse(""));
        Optional<String> secret = Scalars.secret(user, protocol == Account.Protocol.TROJAN ? "password" : "uuid");
        if (protocol == null || secret.isEmpty()) {
            return Optional.empty();
        }
        Account account = Account.of(protocol, secret.get());
        return switch (protocol) {
            case VLESS ->
                Optional.of(account.withFlow(Scalars.text(user, "flow").orElse("")));
            case TROJAN -> Optional.of(account);
            case VMESS ->
                Optional.of(account.withCipher(Scalars.text(entry, "security").orElse(""))
                        .withAlterId(Scalars.number(user, user == entry ? "alter_id" : "alterId", 0, 65_535)
                                .orElse(0)));
        };
    }
}
