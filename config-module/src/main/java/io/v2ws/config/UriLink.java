package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.Printable;
import io.v2ws.internal.net.ServerName;
import io.v2ws.internal.tls.CertificatePins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one link of the form {@code vless://ID@HOST:PORT?KEY=VALUE&…#NAME}. Its messages hold no credentials. */
final class UriLink {
    private static final Set<String> USED = Set.of(
            "type",
            "path",
            "host",
            "ed",
            "eh",
            "security",
            "sni",
            "peer",
            "alpn",
            "fp",
            "pcs",
            "vcn",
            "allowInsecure",
            "insecure",
            "allow_insecure",
            "encryption",
            "flow",
            "alterId",
            "aid");
    /** Says nothing where it has this value. */
    private static final Map<String, String> HARMLESS = Map.of("headerType", "none");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private final String source;
    private final Account.Protocol protocol;
    private final TunnelEnd side;
    private final Warnings warnings;
    private final Map<String, String> query = new LinkedHashMap<>();

    UriLink(String source, Account.Protocol protocol, TunnelEnd side, Warnings warnings) {
        this.source = source;
        this.protocol = protocol;
        this.side = side;
        this.warnings = warnings;
    }

    TunnelConfig read(String body) throws ConfigException {
        int hash = body.indexOf('#');
        String name = hash < 0 ? "" : LinkText.lenient(body.substring(hash + 1));
        String rest = hash < 0 ? body : body.substring(0, hash);
        int end = firstOf(rest, "/?");
        int at = rest.lastIndexOf('@', end);
        if (at <= 0) {
            throw error(protocol == Account.Protocol.TROJAN ? "password" : "id", "expected one before an @, got none");
        }
        String secret = decoded("credential", rest.substring(0, at));
        if (secret.isBlank()) {
            throw error("credential", "expected a text that is not empty, got an empty one");
        }
        HostAndPort server = address(rest.substring(at + 1, end));
        readQuery(rest.substring(end));
        requireWebSocket(hash < 0 && LinkText.isCutAtAmpersand(rest.substring(end)));
        TransportDraft draft = transport();
        Optional<TlsConfig> tls = tls(draft);
        warnOfUnused();
        return new TunnelConfig(
                name,
                options(draft, server, tls),
                Optional.of(server),
                tls,
                Optional.of(account(secret)),
                Optional.empty(),
                draft.stated());
    }

    /** Passwords that somebody forgot to encode may hold slashes; what is behind the last {@code @} does not. */
    private static int firstOf(String rest, String characters) {
        int question = rest.indexOf('?');
        int limit = question < 0 ? rest.length() : question;
        int at = rest.lastIndexOf('@', limit);
        for (int i = Math.max(0, at); i < limit; i++) {
            if (characters.indexOf(rest.charAt(i)) >= 0) {
                return i;
            }
        }
        return limit;
    }

    private HostAndPort address(String text) throws ConfigException {
        try {
            int colon = text.lastIndexOf(':');
            if (colon < 0 || colon < text.lastIndexOf(']')) {
                throw new IllegalArgumentException("expected HOST:PORT behind the @, got no port");
            }
            String host = LinkText.host(text.substring(0, colon));
            String port = text.substring(colon + 1);
            int number = PORT.matcher(port).matches() ? Integer.parseInt(port) : 0;
            if (number < 1 || number > 65_535) {
                throw new IllegalArgumentException("expected a port from 1 to 65535, got " + Printable.quoted(port));
            }
            return new HostAndPort(host, number);
        } catch (IllegalArgumentException e) {
            throw error("address", e.getMessage());
        }
    }

    private void readQuery(String text) throws ConfigException {
        int question = text.indexOf('?');
        String path = question < 0 ? text : text.substring(0, question);
        if (!path.isEmpty() && !path.equals("/")) {
            throw error("", "expected ? or the end behind the port, got " + Printable.quoted(path));
        }
        if (question < 0) {
            return;
        }
        for (String piece : text.substring(question + 1).split("&")) {
            if (piece.isEmpty()) {
                continue;
            }
            int equals = piece.indexOf('=');
            String key = decoded("query", equals < 0 ? piece : piece.substring(0, equals));
            String value = equals < 0 ? "" : decoded(key, piece.substring(equals + 1));
            if (query.putIfAbsent(key, value) != null) {
                throw error(key, "expected each key once, got it again");
            }
        }
    }

    /**
     * Makes sure that the link is one for a WebSocket.
     *
     * @param cut whether the link ends where a shell may have cut it
     */
    private void requireWebSocket(boolean cut) throws ConfigException {
        String type = query.getOrDefault("type", "");
        if (type.equalsIgnoreCase("ws") || type.equalsIgnoreCase("websocket")) {
            return;
        }
        String hint = type.isEmpty() && cut ? " (in a shell a link needs quotes, for & ends a command)" : "";
        throw error(
                "type",
                "expected ws, the only transport spoken here, got "
                        + (type.isEmpty() ? "nothing" : Printable.quoted(type)) + hint);
    }

    private TransportDraft transport() throws ConfigException {
        TransportDraft draft = new TransportDraft(problem -> warnings.add(source + ": host: " + problem));
        pass("path", query.getOrDefault("path", "/"), draft::path);
        pass("host", query.getOrDefault("host", ""), draft::host);
        boolean inPath = draft.takeEarlyDataOfPath();
        String bytes = query.getOrDefault("ed", "");
        if (!bytes.isEmpty()) {
            EarlyDataQuery said = earlyData(bytes);
            if (inPath && draft.options.build().maxEarlyData() != said.bytes().getAsInt()) {
                throw error("ed", "expected the number that the path has, got another");
            }
            draft.options.maxEarlyData(said.bytes().getAsInt());
            draft.options.earlyDataHeaderName(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        }
        String header = query.getOrDefault("eh", "");
        if (!header.isEmpty() && !(inPath && bytes.isEmpty())) {
            pass("eh", header, draft.options::earlyDataHeaderName);
        } else if (!header.isEmpty()) {
            warnings.add(source + ": eh: not used: ?ed= in the path means "
                    + WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        }
        return draft;
    }

    private EarlyDataQuery earlyData(String bytes) throws ConfigException {
        try {
            return EarlyDataQuery.take("?ed=" + bytes.replace("&", ""));
        } catch (IllegalArgumentException e) {
            throw error("ed", e.getMessage().replace("?ed=N with ", ""));
        }
    }

    private WebSocketTransportOptions options(TransportDraft draft, HostAndPort server, Optional<TlsConfig> tls) {
        if (side == TunnelEnd.CLIENT) {
            return draft.forClient(Optional.of(server), tls);
        }
        if (!draft.host().isEmpty()) {
            warnings.add(source + ": host: " + TransportDraft.NOT_SENT + "; a server may ask for it (--host NAME)");
        }
        return draft.forServer(false, warnings);
    }

    private Optional<TlsConfig> tls(TransportDraft draft) throws ConfigException {
        String security = query.getOrDefault("security", protocol == Account.Protocol.TROJAN ? "tls" : "none");
        if (security.isEmpty() || security.equalsIgnoreCase("none")) {
            for (String key : List.of("sni", "peer", "pcs", "vcn")) {
                if (!query.getOrDefault(key, "").isEmpty()) {
                    warnings.add(source + ": " + key + ": " + Warnings.WITHOUT_TLS);
                }
            }
            return Optional.empty();
        }
        if (!security.equalsIgnoreCase("tls")) {
            throw error("security", "expected tls or none, got " + Printable.quoted(security));
        }
        String insecure = query.getOrDefault(
                "allowInsecure", query.getOrDefault("insecure", query.getOrDefault("allow_insecure", "0")));
        String alpn = query.getOrDefault("alpn", "");
        return Optional.of(new TlsConfig(
                serverName(draft.host()),
                insecure.equals("1") || insecure.equalsIgnoreCase("true"),
                alpn.isEmpty() ? List.of() : List.of(alpn.split(",")),
                Optional.of(query.getOrDefault("fp", "")).filter(text -> !text.isEmpty()),
                parsed("pcs", CertificatePins::parse).orElse(List.of()),
                parsed("vcn", LinkText::serverNames).orElse(List.of())));
    }

    /** Without a name, the programs that make these links ask for the one in Host. */
    private Optional<String> serverName(String host) throws ConfigException {
        Optional<String> sni = parsed("sni", ServerName::parse);
        // Links of Trojan call it so too.
        Optional<String> peer = parsed("peer", ServerName::parse);
        if (sni.isPresent() && peer.isPresent() && !sni.equals(peer)) {
            warnings.add(source + ": peer: not used: sni takes its place");
        }
        Optional<String> said = sni.or(() -> peer);
        return said.isPresent()
                ? said
                : parsed("host", host, LinkText::hostName).orElse(Optional.empty());
    }

    private Account account(String secret) throws ConfigException {
        Account account = Account.of(protocol, secret);
        return switch (protocol) {
            case VLESS ->
                account.withCipher(query.getOrDefault("encryption", "")).withFlow(query.getOrDefault("flow", ""));
            case TROJAN -> account;
            case VMESS -> account.withCipher(query.getOrDefault("encryption", ""));
        };
    }

    private void warnOfUnused() {
        query.forEach((key, value) -> {
            if (!USED.contains(key) && !value.isEmpty() && !value.equals(HARMLESS.get(key))) {
                warnings.add(source + ": " + Printable.shortened(key) + ": not taken over: v2ws has no such option");
            }
        });
    }

    private String decoded(String key, String text) throws ConfigException {
        try {
            return LinkText.decode(text);
        } catch (IllegalArgumentException e) {
            throw error(key, e.getMessage());
        }
    }

    private <T> Optional<T> parsed(String key, Function<String, T> parser) throws ConfigException {
        return parsed(key, query.getOrDefault(key, ""), parser);
    }

    /** Returns what the parser makes of a value; empty where the value is. */
    private <T> Optional<T> parsed(String key, String value, Function<String, T> parser) throws ConfigException {
        try {
            return value.isEmpty() ? Optional.empty() : Optional.of(parser.apply(value));
        } catch (IllegalArgumentException e) {
            throw error(key, e.getMessage());
        }
    }

    private void pass(String key, String value, Consumer<String> setter) throws ConfigException {
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw error(key, e.getMessage().replaceFirst("^[A-Za-z]+: ", ""));
        }
    }

    private ConfigException error(String key, String problem) {
        String place = key.isEmpty() ? "" : Printable.shortened(key) + ": ";
        return new ConfigException(source, place + Printable.escape(problem), null);
    }
}
