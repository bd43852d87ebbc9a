package io.v2ws.system;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's v2ray, carrying VLESS. It knows no early data yet. */
final class V2ray implements Peer {
    private static final Pattern READY = Pattern.compile("V2Ray \\S+ started");
    private static final String UUID = "6ff4a1c4-6a4b-4f0e-9a26-1d2f5f6b7c80";

    /** Once one direction has ended, v2ray waits for the other so long; its defaults are 2 and 5 s. */
    private static final String POLICY = "{\"levels\": {\"0\": {\"uplinkOnly\": 1, \"downlinkOnly\": 1}}}";

    @Override
    public String name() {
        return "v2ray";
    }

    @Override
    public String version() throws IOException {
        return Commands.firstMatch(Pattern.compile("V2Ray (\\S+)"), "v2ray", "-version");
    }

    @Override
    public Program server(Workspace workspace, Link link, int upstream) throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        String certificates = "{\"certificates\": [{\"certificateFile\": \"%s\", \"keyFile\": \"%s\"}]}"
                .formatted(identity.certificatePem(), identity.keyPem());
        return server(workspace, "v2ray-server", stream(link, certificates));
    }

    @Override
    public Program client(Workspace workspace, Link link, int server, int upstream) throws IOException {
        String authority =
                "{\"serverName\": \"localhost\", \"certificates\": [{\"usage\": \"verify\", \"certificateFile\": \"%s\"}]}"
                        .formatted(TestCertificates.get().caPem());
        return client(workspace, "v2ray-client", stream(link, authority), server, upstream);
    }

    @Override
    public Program unpacker(Workspace workspace, Link link, int upstream) throws IOException {
        return server(workspace, "v2ray-unpacker", "{}");
    }

    @Override
    public Program packer(Workspace workspace, Link link, int forward, int upstream) throws IOException {
        return client(workspace, "v2ray-packer", "{}", forward, upstream);
    }

    private static Program server(Workspace workspace, String name, String stream) throws IOException {
        return run(workspace, name, port -> """
                {
                  "inbounds": [{"listen": "127.0.0.1", "port": %d, "protocol": "vless",
                    "settings": {"clients": [{"id": "%s"}], "decryption": "none"}, "streamSettings": %s}],
                  "outbounds": [{"protocol": "freedom"}],
                  "policy": %s
                }
                """.formatted(port, UUID, stream, POLICY));
    }

    private static Program client(Workspace workspace, String name, String stream, int server, int upstream)
            throws IOException {
        return run(workspace, name, port -> """
                {
                  "inbounds": [{"listen": "127.0.0.1", "port": %d, "protocol": "dokodemo-door",
                    "settings": {"address": "127.0.0.1", "port": %d, "network": "tcp"}}],
                  "outbounds": [{"protocol": "vless", "settings": {"vnext": [{"address": "127.0.0.1", "port": %d,
                    "users": [{"id": "%s", "encryption": "none"}]}]}, "streamSettings": %s}],
                  "policy": %s
                }
                """.formatted(port, upstream, server, UUID, stream, POLICY));
    }

    private static String stream(Link link, String tls) {
        return "{\"network\": \"ws\", \"wsSettings\": {\"path\": \"" + Link.PATH + "\"}"
                + (link.tls() ? ", \"security\": \"tls\", \"tlsSettings\": " + tls : "") + "}";
    }

    private static Program run(Workspace workspace, String name, PortConfig config) throws IOException {
        return Program.start(
                workspace,
                name,
                port -> List.of(
                        "v2ray",
                        "-config",
                        workspace.write(name + ".json", config.on(port)).toString()),
                READY);
    }
}
