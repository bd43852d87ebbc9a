package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes Clash and mihomo. */
final class ClashWriter implements Writer {
    @Override
    public String outbound(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        Account account = tunnel.account().orElseThrow();
        HostAndPort server = tunnel.server().orElseThrow();
        Map<String, Object> proxy = new LinkedHashMap<>();
        // Clash does without no name.
        proxy.put("name", tunnel.name().isEmpty() ? server.toString() : tunnel.name());
        proxy.put("type", account.protocol().toString());
        proxy.put("server", server.host());
        proxy.put("port", server.port());
        putAccount(account, proxy);
        putTls(tunnel, account.protocol() == Account.Protocol.TROJAN, proxy, losses);
        proxy.put("network", "ws");
        proxy.put("ws-opts", tree(tunnel, losses));
        return YamlPrinter.print(Map.of("proxies", List.of(proxy)), ascii);
    }

    @Override
    public String transport(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        Map<String, Object> proxy = new LinkedHashMap<>();
        proxy.put("network", "ws");
        proxy.put("ws-opts", tree(tunnel, losses));
        return YamlPrinter.print(proxy, ascii);
    }

    private static void putAccount(Account account, Map<String, Object> proxy) {
        proxy.put(account.protocol() == Account.Protocol.TROJAN ? "password" : "uuid", account.secret());
        if (account.protocol() == Account.Protocol.VMESS) {
            proxy.put("alterId", account.alterId());
            proxy.put("cipher", account.cipher());
        } else if (!account.hasDefaultCipher()) {
            proxy.put("encryption", account.cipher());
        }
        if (!account.flow().isEmpty()) {
            proxy.put("flow", account.flow());
        }
        proxy.put("udp", true);
    }

    private static void putTls(TunnelConfig tunnel, boolean trojan, Map<String, Object> proxy, ConversionNotes losses) {
        if (tunnel.tls().isEmpty()) {
            if (trojan) {
                losses.remark("tls", "Clash always speaks TLS with a Trojan server, and the source does not");
            }
            return;
        }
        TlsConfig tls = tunnel.tls().get();
        if (!trojan) {
            proxy.put("tls", true);
        }
        if (!tunnel.serverNameForHostReaders().isEmpty()) {
            proxy.put(trojan ? "sni" : "servername", tunnel.serverNameForHostReaders());
        }
        if (tls.insecure()) {
            proxy.put("skip-cert-verify", true);
        }
        if (!tls.alpn().isEmpty()) {
            proxy.put("alpn", tls.alpn());
        }
        tls.fingerprint().ifPresent(whose -> proxy.put("client-fingerprint", whose));
        if (!tls.pins().isEmpty()) {
            proxy.put("fingerprint", tls.pins().get(0));
        }
        if (tls.pins().size() > 1) {
            losses.leftOut("fingerprint", "every pin but the first, for Clash pins one certificate");
        }
        losses.addVerifyNames(tls);
    }

    private static Map<String, Object> tree(TunnelConfig tunnel, ConversionNotes losses) {
        WebSocketTransportOptions options = tunnel.transport();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("path", losses.pathWithEarlyData(options, false));
        Map<String, Object> headers = new LinkedHashMap<>();
        losses.host(options).ifPresent(host -> headers.put("Host", host));
        headers.putAll(losses.singleHeaders(options));
        if (!headers.isEmpty()) {
            tree.put("headers", headers);
        }
        if (options.maxEarlyData() > 0) {
            tree.put("max-early-data", options.maxEarlyData());
        }
        if (!options.earlyDataHeaderName().isEmpty()) {
            tree.put("early-data-header-name", options.earlyDataHeaderName());
        }
        losses.addOwnOptions(tunnel);
        return tree;
    }
}
