package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes share links: Xray's for VLESS and Trojan, v2rayN's for VMess. */
final class LinkWriter implements Writer {
    @Override
    public String outbound(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        losses.singleHeaders(tunnel.transport())
                .keySet()
                .forEach(name -> losses.leftOut("headers." + name, "a link has no headers but host"));
        losses.addOwnOptions(tunnel);
        return tunnel.account().orElseThrow().protocol() == Account.Protocol.VMESS
                ? vmess(tunnel, losses)
                : uri(tunnel, losses);
    }

    @Override
    public String transport(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        throw new IllegalArgumentException("a link is never a transport alone");
    }

    private static String uri(TunnelConfig tunnel, ConversionNotes losses) {
        Account account = tunnel.account().orElseThrow();
        HostAndPort server = tunnel.server().orElseThrow();
        List<String> query = new ArrayList<>();
        if (account.protocol() == Account.Protocol.VLESS) {
            query.add("encryption=" + LinkText.encode(account.cipher()));
        }
        add(query, "flow", account.flow());
        query.add("security=" + (tunnel.tls().isPresent() ? "tls" : "none"));
        tunnel.tls().ifPresent(tls -> {
            add(query, "sni", tunnel.serverNameForHostReaders());
            add(query, "alpn", String.join(",", tls.alpn()));
            add(query, "fp", tls.fingerprint().orElse(""));
            add(query, "pcs", String.join(",", tls.pins()));
            add(query, "vcn", String.join(",", tls.verifyNames()));
            add(query, "allowInsecure", tls.insecure() ? "1" : "");
            remarkInsecure(tls, "allowInsecure", losses);
        });
        query.add("type=ws");
        add(query, "host", losses.host(tunnel.transport()).orElse(""));
        query.add("path=" + LinkText.encode(path(tunnel.transport(), query, losses)));
        return account.protocol() + "://" + LinkText.encode(account.secret()) + "@" + server + "?"
                + String.join("&", query) + (tunnel.name().isEmpty() ? "" : "#" + LinkText.encode(tunnel.name()))
                + "\n";
    }

    private static String path(WebSocketTransportOptions options, List<String> query, ConversionNotes losses) {
        boolean otherHeader = options.earlyDataMode() == EarlyDataMode.HEADER && !options.isEarlyDataInSubprotocol();
        if (otherHeader) {
            query.add("ed=" + options.maxEarlyData());
            add(query, "eh", options.earlyDataHeaderName());
            losses.remark("eh", "Xray and what is built on it ignore ed and eh beside the path; mihomo reads them");
        }
        return commonPath(options, otherHeader, losses);
    }

    /** Returns the path with {@code ?ed=}, which every reader of links knows. */
    private static String commonPath(WebSocketTransportOptions options, boolean saidElsewhere, ConversionNotes losses) {
        boolean ask = options.isEarlyDataInSubprotocol() && options.maxEarlyData() > 0;
        if (options.earlyDataMode() == EarlyDataMode.PATH) {
            losses.leftOut(
                    "max_early_data",
                    "a link has early data in a header only, not in the path (here " + options.maxEarlyData() + ")");
        } else if (!ask && !saidElsewhere && options.earlyDataMode() == EarlyDataMode.HEADER) {
            losses.leftOut("early_data_header_name", "a link has it only with a number of bytes");
        }
        return losses.pathWithEarlyData(options, ask);
    }

    private static String vmess(TunnelConfig tunnel, ConversionNotes losses) {
        Account account = tunnel.account().orElseThrow();
        HostAndPort server = tunnel.server().orElseThrow();
        boolean otherHeader = tunnel.transport().earlyDataMode() == EarlyDataMode.HEADER
                && !tunnel.transport().isEarlyDataInSubprotocol();
        if (otherHeader) {
            losses.leftOut("early_data_header_name", "a vmess link has early data in Sec-WebSocket-Protocol only");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("v", "2");
        json.put("ps", tunnel.name());
        json.put("add", server.host());
        json.put("port", String.valueOf(server.port()));
        json.put("id", account.secret());
        json.put("aid", String.valueOf(account.alterId()));
        json.put("scy", account.cipher());
        json.put("net", "ws");
        json.put("type", "none");
        json.put("host", losses.host(tunnel.transport()).orElse(""));
        json.put("path", commonPath(tunnel.transport(), otherHeader, losses));
        json.put("tls", tunnel.tls().isPresent() ? "tls" : "");
        json.put("sni", tunnel.serverNameForHostReaders());
        json.put("alpn", tunnel.tls().map(tls -> String.join(",", tls.alpn())).orElse(""));
        json.put("fp", tunnel.tls().flatMap(TlsConfig::fingerprint).orElse(""));
        tunnel.tls().ifPresent(tls -> {
            if (tls.insecure()) {
                json.put("insecure", "1");
            }
            if (!tls.pins().isEmpty()) {
                json.put("pcs", String.join(",", tls.pins()));
            }
            remarkInsecure(tls, "insecure", losses);
            losses.addVerifyNames(tls);
        });
        byte[] bytes = JsonPrinter.printCompact(json).getBytes(StandardCharsets.UTF_8);
        return "vmess://" + Base64.getEncoder().encodeToString(bytes) + "\n";
    }

    private static void remarkInsecure(TlsConfig tls, String key, ConversionNotes losses) {
        if (tls.insecure()) {
            losses.remark(
                    key,
                    "Xray has no such option since 2026: pcs (the SHA-256 of the server's certificate) takes its place;"
                            + " mihomo reads it");
        }
    }

    private static void add(List<String> query, String key, String value) {
        if (!value.isEmpty()) {
            query.add(key + "=" + LinkText.encode(value));
        }
    }
}
