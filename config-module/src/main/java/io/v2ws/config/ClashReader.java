package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Clash and mihomo: {@code ws-opts}, a proxy, a list of them, or a whole configuration. Used once. */
final class ClashReader {
    private static final String[] PROXY_KEYS = {
        "name",
        "type",
        "server",
        "port",
        "uuid",
        "password",
        "alterId",
        "cipher",
        "flow",
        "encryption",
        "network",
        "tls",
        "servername",
        "sni",
        "skip-cert-verify",
        "alpn",
        "client-fingerprint",
        "fingerprint",
        "ws-opts",
        "udp"
    };
    private static final String[] TRANSPORT_KEYS = {
        "path",
        "headers",
        "max-early-data",
        "early-data-header-name",
        "v2ray-http-upgrade",
        "v2ray-http-upgrade-fast-open"
    };

    private final TunnelEnd side;
    private final Warnings warnings;

    ClashReader(TunnelEnd side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
    }

    TunnelConfig read(ConfigNode root, Optional<String> tag) throws ConfigException {
        if (root.isList()) {
            return chosen(root, tag);
        }
        ConfigObject object = root.asObject();
        Set<String> keys = object.keys();
        if (keys.contains("proxies")) {
            return chosen(object.require("proxies", "a list of proxies"), tag);
        }
        if (keys.contains("ws-opts") || keys.contains("network") || keys.contains("server")) {
            return proxy(object);
        }
        return tunnel(object, transport(object), "", Optional.empty(), Optional.empty());
    }

    private TunnelConfig chosen(ConfigNode list, Optional<String> tag) throws ConfigException {
        Entries entries = new Entries(list::error);
        for (ConfigNode node : list.asList()) {
            ConfigObject proxy = node.asObject();
            boolean webSocket = Scalars.text(proxy, "network").orElse("").equals("ws");
            entries.add(new Entries.Entry(node, Scalars.text(proxy, "name").orElse(""), false, webSocket, null));
        }
        return proxy(entries.choose(tag, TunnelEnd.CLIENT).node().asObject());
    }

    private TunnelConfig proxy(ConfigObject proxy) throws ConfigException {
        ConfigNode network = proxy.require("network", "\"ws\"");
        if (!network.asString().equals("ws")) {
            throw network.expected("\"ws\", the only transport spoken here");
        }
        warnings.addUnused(proxy, PROXY_KEYS);
        Optional<ConfigNode> options = proxy.get("ws-opts");
        TransportDraft draft = options.isPresent() ? transport(options.get().asObject()) : new TransportDraft(warnings);
        Optional<TlsConfig> tls = tls(proxy, draft);
        return tunnel(
                proxy, draft, Scalars.text(proxy, "name").orElse(""), Scalars.address(proxy, "server", "port"), tls);
    }

    private TunnelConfig tunnel(
            ConfigObject proxy,
            TransportDraft draft,
            String name,
            Optional<HostAndPort> server,
            Optional<TlsConfig> tls)
            throws ConfigException {
        WebSocketTransportOptions options =
                side == TunnelEnd.CLIENT ? draft.forClient(server, tls) : draft.forServer(false, warnings);
        return new TunnelConfig(name, options, server, tls, account(proxy), Optional.empty(), draft.stated());
    }

    private TransportDraft transport(ConfigObject options) throws ConfigException {
        options.rejectUnknownKeys(TRANSPORT_KEYS);
        if (Scalars.flag(options, "v2ray-http-upgrade")) {
            throw options.require("v2ray-http-upgrade", "a boolean").expected("false, for HTTPUpgrade is no WebSocket");
        }
        if (Scalars.flag(options, "v2ray-http-upgrade-fast-open")) {
            warnings.add(
                    options.require("v2ray-http-upgrade-fast-open", "a boolean"),
                    "not used without v2ray-http-upgrade");
        }
        TransportDraft draft = new TransportDraft(warnings);
        draft.path(options);
        draft.headers(options);
        draft.earlyData(
                options.get("max-early-data").orElse(null),
                options.get("early-data-header-name").orElse(null),
                warnings);
        return draft;
    }

    private Optional<TlsConfig> tls(ConfigObject proxy, TransportDraft draft) throws ConfigException {
        boolean trojan = Scalars.text(proxy, "type").orElse("").equals("trojan");
        if (!trojan && !Scalars.flag(proxy, "tls")) {
            warnings.addWithoutTls(proxy, "servername", "fingerprint");
            return Optional.empty();
        }
        // Without a name, mihomo asks for the one in Host.
        Optional<String> name = Scalars.serverName(proxy, trojan ? "sni" : "servername");
        return Optional.of(new TlsConfig(
                name.isPresent() ? name : draft.serverNameOfHost(),
                Scalars.flag(proxy, "skip-cert-verify"),
                Scalars.strings(proxy, "alpn"),
                Scalars.nonEmpty(proxy, "client-fingerprint"),
                Scalars.pins(proxy, "fingerprint"),
                List.of()));
    }

    private static Optional<Account> account(ConfigObject proxy) throws ConfigException {
        Account.Protocol protocol =
                Account.Protocol.of(Scalars.text(proxy, "type").orElse(""));
        Optional<String> secret = Scalars.secret(proxy, protocol == Account.Protocol.TROJAN ? "password" : "uuid");
        if (protocol == null || secret.isEmpty()) {
            return Optional.empty();
        }
        Account account = Account.of(protocol, secret.get());
        return switch (protocol) {
            case VLESS ->
                Optional.of(account.withCipher(Scalars.text(proxy, "encryption").orElse(""))
                        .withFlow(Scalars.text(proxy, "flow").orElse("")));
            case TROJAN -> Optional.of(account);
            case VMESS ->
                Optional.of(account.withCipher(Scalars.text(proxy, "cipher").orElse(""))
                        .withAlterId(Scalars.number(proxy, "alterId", 0, 65_535).orElse(0)));
        };
    }
}
