package io.v2ws.config;

import io.v2ws.EarlyData;
import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one link of the form {@code vmess://BASE64}, where the base64 is v2rayN's JSON. */
final class VmessLink {
    private static final String[] KEYS = {
        "v",
        "ps",
        "add",
        "port",
        "id",
        "aid",
        "scy",
        "net",
        "type",
        "host",
        "path",
        "tls",
        "sni",
        "alpn",
        "fp",
        "insecure",
        "allowInsecure",
        "pcs",
        "vcn"
    };

    private final String source;
    private final TunnelEnd side;
    private final Warnings warnings;

    VmessLink(String source, TunnelEnd side, Warnings warnings) {
        this.source = source;
        this.side = side;
        this.warnings = warnings;
    }

    TunnelConfig read(String body) throws ConfigException {
        int hash = body.indexOf('#');
        ConfigObject json = json(hash < 0 ? body : body.substring(0, hash));
        ConfigNode network = json.require("net", "\"ws\"");
        if (!network.asString().equalsIgnoreCase("ws")) {
            throw network.expected("\"ws\", the only transport spoken here");
        }
        warnOfUnused(json);
        TransportDraft draft = new TransportDraft(warnings);
        draft.path(json);
        draft.host(json);
        draft.takeEarlyDataOfPath();
        Optional<TlsConfig> tls = tls(json, draft);
        HostAndPort server = Scalars.address(json, "add", "port")
                .orElseThrow(() -> json.node().errorAbout("add", "expected an address, got nothing"));
        WebSocketTransportOptions options =
                side == TunnelEnd.CLIENT ? draft.forClient(Optional.of(server), tls) : draft.forServer(false, warnings);
        return new TunnelConfig(
                Scalars.text(json, "ps").orElse(""),
                options,
                Optional.of(server),
                tls,
                Optional.of(account(json)),
                Optional.empty(),
                draft.stated());
    }

    private ConfigObject json(String base64) throws ConfigException {
        try {
            byte[] bytes = EarlyData.decode(base64.strip());
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return ConfigNode.parse(source + " (decoded)", text).asObject();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(source, "expected base64 behind vmess://, got something else", null);
        } catch (CharacterCodingException e) {
            throw new ConfigException(source, "expected UTF-8 in the base64, got bytes of another encoding", null);
        }
    }

    private void warnOfUnused(ConfigObject json) throws ConfigException {
        warnings.addUnused(json, KEYS);
        Optional<ConfigNode> type = json.get("type").filter(value -> !value.isEmptyOrFalse());
        if (type.isPresent() && !type.get().asString().equalsIgnoreCase("none")) {
            warnings.add(type.get(), "not used: it is for other transports than ws");
        }
    }

    private Optional<TlsConfig> tls(ConfigObject json, TransportDraft draft) throws ConfigException {
        Optional<String> kind = Scalars.nonEmpty(json, "tls").filter(text -> !text.equalsIgnoreCase("none"));
        if (kind.isEmpty()) {
            warnings.addWithoutTls(json, "sni", "pcs", "vcn");
            return Optional.empty();
        }
        if (!kind.get().equalsIgnoreCase("tls")) {
            throw json.require("tls", "a text").expected("\"tls\" or \"none\"");
        }
        Optional<String> sni = Scalars.serverName(json, "sni");
        Optional<String> alpn = Scalars.nonEmpty(json, "alpn");
        return Optional.of(new TlsConfig(
                sni.isPresent() ? sni : draft.serverNameOfHost(),
                isOn(json, "insecure") || isOn(json, "allowInsecure"),
                alpn.map(text -> List.of(text.split(","))).orElse(List.of()),
                Scalars.nonEmpty(json, "fp"),
                Scalars.pins(json, "pcs"),
                Scalars.serverNames(json, "vcn")));
    }

    private static boolean isOn(ConfigObject json, String key) throws ConfigException {
        Optional<ConfigNode> value = json.get(key);
        if (value.isEmpty()) {
            return false;
        }
        boolean text = value.get().stringText().or(value.get()::numberText).isPresent();
        return text
                ? List.of("1", "true").contains(Scalars.text(value.get()).toLowerCase(Locale.ROOT))
                : value.get().asBoolean();
    }

    private static Account account(ConfigObject json) throws ConfigException {
        String id = Scalars.secret(json, "id")
                .orElseThrow(() -> json.node().errorAbout("id", "expected a UUID, got nothing"));
        return Account.of(Account.Protocol.VMESS, id)
                .withCipher(Scalars.text(json, "scy").orElse(""))
                .withAlterId(aid(json));
    }

    private static int aid(ConfigObject json) throws ConfigException {
        return Scalars.nonEmpty(json, "aid").isEmpty() ? 0 : Scalars.number(json.require("aid", "a number"), 0, 65_535);
    }
}
