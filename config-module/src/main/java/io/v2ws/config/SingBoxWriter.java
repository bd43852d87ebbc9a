package io.v2ws.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes sing-box. */
final class SingBoxWriter implements Writer {
    @Override
    public String outbound(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        Account account = tunnel.account().orElseThrow();
        Map<String, Object> outbound = new LinkedHashMap<>();
        outbound.put("type", account.protocol().toString());
        if (!tunnel.name().isEmpty()) {
            outbound.put("tag", tunnel.name());
        }
        tunnel.server().ifPresent(server -> {
            outbound.put("server", server.host());
            outbound.put("server_port", server.port());
        });
        putAccount(account, outbound, losses);
        tunnel.tls().ifPresent(tls -> {
            outbound.put("tls", tls(tls));
            losses.addPins(tls);
            losses.addVerifyNames(tls);
        });
        outbound.put("transport", tree(tunnel, losses));
        return JsonPrinter.print(Map.of("outbounds", List.of(outbound)), ascii) + "\n";
    }

    @Override
    public String transport(TunnelConfig tunnel, boolean ascii, ConversionNotes losses) {
        return JsonPrinter.print(tree(tunnel, losses), ascii) + "\n";
    }

    private static void putAccount(Account account, Map<String, Object> outbound, ConversionNotes losses) {
        outbound.put(account.protocol() == Account.Protocol.TROJAN ? "password" : "uuid", account.secret());
        if (account.protocol() == Account.Protocol.VMESS) {
            outbound.put("security", account.cipher());
            if (account.alterId() > 0) {
                outbound.put("alter_id", account.alterId());
            }
        } else if (!account.hasDefaultCipher()) {
            losses.leftOut("encryption", "sing-box speaks VLESS with none only");
        }
        if (!account.flow().isEmpty()) {
            outbound.put("flow", account.flow());
        }
    }

    private static Map<String, Object> tls(TlsConfig tls) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("enabled", true);
        tls.serverName().ifPresent(name -> tree.put("server_name", name));
        if (tls.insecure()) {
            tree.put("insecure", true);
        }
        if (!tls.alpn().isEmpty()) {
            tree.put("alpn", tls.alpn());
        }
        tls.fingerprint().ifPresent(whose -> {
            Map<String, Object> utls = new LinkedHashMap<>();
            utls.put("enabled", true);
            utls.put("fingerprint", whose);
            tree.put("utls", utls);
        });
        return tree;
    }

    private static Map<String, Object> tree(TunnelConfig tunnel, ConversionNotes losses) {
        losses.addOwnOptions(tunnel);
        if (tunnel.transport().path().indexOf('?') >= 0) {
            losses.remark("path", "sing-box sends its ? as %3F, which is another path to most servers");
        }
        return SingBoxTransport.tree(tunnel.transport());
    }
}
