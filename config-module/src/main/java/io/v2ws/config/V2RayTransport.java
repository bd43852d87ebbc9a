package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code wsSettings} of Xray and v2ray 4, and {@code transportSettings} of v2ray 5. */
final class V2RayTransport {
    private static final String[] KEYS_OF_FIVE = {
        "path",
        "header",
        "headers",
        "maxEarlyData",
        "earlyDataHeaderName",
        "acceptProxyProtocol",
        "useBrowserForwarding"
    };
    private static final String[] KEYS = {
        "path",
        "host",
        "headers",
        "maxEarlyData",
        "earlyDataHeaderName",
        "heartbeatPeriod",
        "acceptProxyProtocol",
        "useBrowserForwarding"
    };

    private final TunnelEnd side;
    private final Warnings warnings;

    V2RayTransport(TunnelEnd side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
    }

    /**
     * Reads the settings.
     *
     * @param five whether they are those of v2ray 5
     */
    TransportDraft read(ConfigObject settings, boolean five) throws ConfigException {
        settings.rejectUnknownKeys(five ? KEYS_OF_FIVE : KEYS);
        TransportDraft draft = new TransportDraft(warnings);
        if (five) {
            draft.wholePath(settings, warnings);
            readHeadersOfFive(settings, draft);
        } else {
            draft.path(settings);
            draft.headers(settings);
            draft.host(settings);
        }
        draft.earlyData(
                settings.get("maxEarlyData").orElse(null),
                settings.get("earlyDataHeaderName").orElse(null),
                warnings);
        readHeartbeat(settings, draft);
        rejectProxyProtocol(settings);
        if (Scalars.flag(settings, "useBrowserForwarding")) {
            warnings.add(
                    settings.require("useBrowserForwarding", "a boolean"), "not used: v2ws makes its own connections");
        }
        return draft;
    }

    /** The list is called {@code header}; v2ray's manual also has an object called {@code headers}. */
    private static void readHeadersOfFive(ConfigObject settings, TransportDraft draft) throws ConfigException {
        Optional<ConfigNode> list = settings.get("header");
        Optional<ConfigNode> headers = settings.get("headers");
        if (list.isPresent() && headers.isPresent()) {
            throw headers.get().errorAtKey("expected either header or headers, got both");
        }
        Optional<ConfigNode> either = list.or(() -> headers);
        if (either.isEmpty()) {
            return;
        }
        if (either.get().isList()) {
            draft.headerList(either.get());
        } else {
            draft.headers(either.get());
        }
    }

    /**
     * Returns the options of what was read, for the side it is read for.
     *
     * @param five whether it was read from v2ray 5, whose servers look at no {@code Host} and take early data only if
     *     they say so
     */
    WebSocketTransportOptions options(
            TransportDraft draft,
            boolean inbound,
            boolean five,
            Optional<HostAndPort> server,
            Optional<TlsConfig> tls) {
        if (side == TunnelEnd.CLIENT) {
            return inbound ? draft.forClient(Optional.empty(), Optional.empty()) : draft.forClient(server, tls);
        }
        WebSocketTransportOptions options = draft.forServer(inbound && !five, warnings);
        if (five) {
            return options;
        }
        boolean said = options.earlyDataMode() != WebSocketTransportOptions.EarlyDataMode.NONE;
        // Servers of Xray take early data in this header from whoever sends it, and say nothing of it in their files.
        return said
                ? options
                : options.toBuilder()
                        .earlyDataHeaderName(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL)
                        .build();
    }

    private static void readHeartbeat(ConfigObject settings, TransportDraft draft) throws ConfigException {
        Optional<ConfigNode> period = settings.get("heartbeatPeriod");
        if (period.isPresent()) {
            draft.options.pingInterval(Duration.ofSeconds(Scalars.number(period.get(), 0, Integer.MAX_VALUE)));
            draft.state("ping_interval");
        }
    }

    private void rejectProxyProtocol(ConfigObject settings) throws ConfigException {
        if (!Scalars.flag(settings, "acceptProxyProtocol")) {
            return;
        }
        ConfigNode key = settings.require("acceptProxyProtocol", "a boolean");
        if (side == TunnelEnd.SERVER) {
            throw key.expected("false, for v2ws does not read the PROXY protocol");
        }
        warnings.add(key, "not taken over: it is a server that reads the PROXY protocol");
    }
}
