package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code wsSettings} of Xray and v2ray. */
final class V2RayTransport {
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

    private final Side side;
    private final Warnings warnings;

    V2RayTransport(Side side, Warnings warnings) {
        this.side = side;
        this.warnings = warnings;
    }

    TransportDraft read(ConfigObject settings) throws ConfigException {
        settings.rejectUnknownKeys(KEYS);
        TransportDraft draft = new TransportDraft();
        draft.path(settings);
        draft.headers(settings);
        draft.host(settings);
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

    /** Returns the options of what was read, for the side it is read for. */
    WebSocketTransportOptions options(
            TransportDraft draft, boolean inbound, Optional<HostAndPort> server, Optional<TlsConfig> tls) {
        if (side == Side.CLIENT) {
            return inbound ? draft.forClient(Optional.empty(), Optional.empty()) : draft.forClient(server, tls);
        }
        WebSocketTransportOptions options = draft.forServer(inbound, warnings);
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
        if (side == Side.SERVER) {
            throw key.expected("false, for v2ws does not read the PROXY protocol");
        }
        warnings.add(key, "not taken over: it is Xray's server that reads the PROXY protocol");
    }
}
