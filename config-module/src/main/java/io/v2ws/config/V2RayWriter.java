package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes Xray. */
final class V2RayWriter implements Writer {
    @Override
    public String outbound(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        Account account = tunnel.account().orElseThrow();
        Map<String, Object> outbound = new LinkedHashMap<>();
        if (!tunnel.name().isEmpty()) {
            outbound.put("tag", tunnel.name());
        }
        outbound.put("protocol", account.protocol().toString());
        outbound.put("settings", settings(tunnel.server().orElseThrow(), account));
        outbound.put("streamSettings", stream(tunnel, losses));
        return JsonPrinter.print(Map.of("outbounds", List.of(outbound)), ascii) + "\n";
    }

    @Override
    public String transport(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        Map<String, Object> stream = new LinkedHashMap<>();
        stream.put("network", "ws");
        stream.put("wsSettings", tree(tunnel, losses));
        return JsonPrinter.print(stream, ascii) + "\n";
    }

    private static Map<String, Object> settings(HostAndPort address, Account account) {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("address", address.host());
        server.put("port", address.port());
        if (account.protocol() == Account.Protocol.TROJAN) {
            server.put("password", account.secret());
            return Map.of("servers", List.of(server));
        }
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("id", account.secret());
        if (account.protocol() == Account.Protocol.VMESS) {
            user.put("alterId", account.alterId());
            user.put("security", account.cipher());
        } else {
            user.put("encryption", account.cipher());
        }
        if (!account.flow().isEmpty()) {
            user.put("flow", account.flow());
        }
        server.put("users", List.of(user));
        return Map.of("vnext", List.of(server));
    }

    private static Map<String, Object> stream(TunnelConfig tunnel, ConversionNotes losses) {
        Map<String, Object> stream = new LinkedHashMap<>();
        stream.put("network", "ws");
        tunnel.tls().ifPresent(tls -> {
            stream.put("security", "tls");
            Map<String, Object> settings = new LinkedHashMap<>();
            tls.serverName().ifPresent(name -> settings.put("serverName", name));
            if (tls.insecure()) {
                losses.leftOut(
                        "allowInsecure",
                        "Xray refuses to start with it since 2026; pinnedPeerCertSha256 (the SHA-256 of the server's"
                                + " certificate) or verifyPeerCertByName takes its place");
            }
            if (!tls.alpn().isEmpty()) {
                settings.put("alpn", tls.alpn());
            }
            tls.fingerprint().ifPresent(whose -> settings.put("fingerprint", whose));
            if (!tls.pins().isEmpty()) {
                settings.put("pinnedPeerCertSha256", String.join(",", tls.pins()));
            }
            if (!tls.verifyNames().isEmpty()) {
                settings.put("verifyPeerCertByName", String.join(",", tls.verifyNames()));
            }
            if (!settings.isEmpty()) {
                stream.put("tlsSettings", settings);
            }
        });
        stream.put("wsSettings", tree(tunnel, losses));
        return stream;
    }

    private static Map<String, Object> tree(TunnelConfig tunnel, ConversionNotes losses) {
        WebSocketTransportOptions options = tunnel.transport();
        boolean inPath = options.isEarlyDataInSubprotocol() && options.maxEarlyData() > 0;
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("path", losses.pathWithEarlyData(options, inPath));
        losses.host(options).ifPresent(host -> tree.put("host", host));
        Map<String, Object> headers = losses.singleHeaders(options);
        if (!headers.isEmpty()) {
            tree.put("headers", headers);
        }
        if (options.earlyDataMode() != EarlyDataMode.NONE && !inPath) {
            putEarlyData(options, tree, losses);
        }
        if (tunnel.stated().contains("ping_interval")) {
            tree.put("heartbeatPeriod", seconds(options.pingInterval(), losses));
        }
        losses.addOwnOptions(tunnel, "ping_interval");
        return tree;
    }

    private static void putEarlyData(
            WebSocketTransportOptions options, Map<String, Object> tree, ConversionNotes losses) {
        String early =
                "Xray has early data in Sec-WebSocket-Protocol only and ignores this key; v2ray from 4.39 reads it";
        if (options.maxEarlyData() > 0) {
            tree.put("maxEarlyData", options.maxEarlyData());
            losses.remark("maxEarlyData", early);
        }
        if (!options.earlyDataHeaderName().isEmpty()) {
            tree.put("earlyDataHeaderName", options.earlyDataHeaderName());
            losses.remark("earlyDataHeaderName", early);
        }
    }

    /** Xray knows whole seconds. */
    private static int seconds(Duration interval, ConversionNotes losses) {
        long seconds = Math.min(interval.plusMillis(999).getSeconds(), Integer.MAX_VALUE);
        if (!Duration.ofSeconds(seconds).equals(interval)) {
            losses.remark(
                    "heartbeatPeriod",
                    "Xray knows whole seconds: " + seconds + " in place of "
                            + SingBoxTransport.ownValue(
                                    "ping_interval",
                                    WebSocketTransportOptions.builder()
                                            .pingInterval(interval)
                                            .build()));
        }
        return (int) seconds;
    }
}
