package io.v2ws.testing.peers;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Debian's v2ray, carrying VLESS. It knows no early data yet.
 *
 * @param policy its member {@code policy} in JSON
 */
public record V2ray(String policy) implements PeerProgram {
    /** Name of the program. */
    public static final String PROGRAM = "v2ray";

    /** Once one direction has ended, v2ray waits for the other so long: 1 s; its defaults are 2 and 5 s. */
    public static final String SHORT_WAITS = "{\"levels\": {\"0\": {\"uplinkOnly\": 1, \"downlinkOnly\": 1}}}";

    /** Everything at v2ray's defaults. */
    public static final String DEFAULTS = "{}";

    private static final Pattern READY = Pattern.compile("V2Ray \\S+ started");
    private static final String UUID = "6ff4a1c4-6a4b-4f0e-9a26-1d2f5f6b7c80";

    @Override
    public String name() {
        return PROGRAM;
    }

    @Override
    public String version() throws IOException {
        return Commands.firstMatch(Pattern.compile("V2Ray (\\S+)"), PROGRAM, "-version");
    }

    @Override
    public Pattern ready() {
        return READY;
    }

    @Override
    public List<String> server(Path folder, Link link, int listen, int upstream) throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        String certificates = "{\"certificates\": [{\"certificateFile\": \"%s\", \"keyFile\": \"%s\"}]}"
                .formatted(identity.certificatePem(), identity.keyPem());
        return server(folder.resolve("v2ray-server-" + listen + ".json"), listen, stream(link, certificates));
    }

    @Override
    public List<String> client(Path folder, Link link, int listen, int server, int upstream) throws IOException {
        String authority =
                "{\"serverName\": \"localhost\", \"certificates\": [{\"usage\": \"verify\", \"certificateFile\": \"%s\"}]}"
                        .formatted(TestCertificates.get().caPem());
        Path file = folder.resolve("v2ray-client-" + listen + ".json");
        return client(file, listen, server, upstream, stream(link, authority));
    }

    @Override
    public List<String> unpacker(Path folder, Link link, int listen) throws IOException {
        return server(folder.resolve("v2ray-unpacker-" + listen + ".json"), listen, "{}");
    }

    @Override
    public List<String> packer(Path folder, Link link, int listen, int forward, int upstream) throws IOException {
        return client(folder.resolve("v2ray-packer-" + listen + ".json"), listen, forward, upstream, "{}");
    }

    private List<String> server(Path file, int listen, String stream) throws IOException {
        return run(file, """
                {
                  "inbounds": [{"listen": "127.0.0.1", "port": %d, "protocol": "vless",
                    "settings": {"clients": [{"id": "%s"}], "decryption": "none"}, "streamSettings": %s}],
                  "outbounds": [{"protocol": "freedom"}],
                  "policy": %s
                }
                """.formatted(listen, UUID, stream, policy));
    }

    private List<String> client(Path file, int listen, int server, int upstream, String stream) throws IOException {
        return run(file, """
                {
                  "inbounds": [{"listen": "127.0.0.1", "port": %d, "protocol": "dokodemo-door",
                    "settings": {"address": "127.0.0.1", "port": %d, "network": "tcp"}}],
                  "outbounds": [{"protocol": "vless", "settings": {"vnext": [{"address": "127.0.0.1", "port": %d,
                    "users": [{"id": "%s", "encryption": "none"}]}]}, "streamSettings": %s}],
                  "policy": %s
                }
                """.formatted(listen, upstream, server, UUID, stream, policy));
    }

    private static String stream(Link link, String tls) {
        return "{\"network\": \"ws\", \"wsSettings\": {\"path\": \"" + Link.PATH + "\"}"
                + (link.tls() ? ", \"security\": \"tls\", \"tlsSettings\": " + tls : "") + "}";
    }

    private static List<String> run(Path file, String configuration) throws IOException {
        Files.writeString(file, configuration);
        return List.of(PROGRAM, "-config", file.toString());
    }
}
