package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Debian's v2ray: VLESS over WebSocket between a dokodemo-door and freedom. */
final class V2ray implements Contender {
    private static final String PROGRAM = "v2ray";
    private static final String USER = "bf000d23-0752-40b4-affe-68f7707a9661";

    private final Bench bench;

    V2ray(Bench bench) {
        this.bench = bench;
    }

    @Override
    public String id() {
        return "v2ray";
    }

    @Override
    public String label() {
        return "v2ray (Debian)";
    }

    @Override
    public Optional<String> missing() {
        return Tools.find(PROGRAM).isPresent()
                ? Optional.empty()
                : Optional.of("no program " + PROGRAM + "; Debian: apt-get install v2ray");
    }

    @Override
    public Optional<Extra> extra() {
        return Optional.of(Extra.MORE_PEERS);
    }

    @Override
    public Optional<Path> file() {
        return Tools.find(PROGRAM);
    }

    @Override
    public boolean supports(Route route) {
        return !route.earlyData() && route.preconnected() == 0;
    }

    @Override
    public Line start(Route route) throws IOException {
        return Line.start(
                route,
                (listen, to) -> run("v2ray-server", server(route, listen)),
                (listen, to) -> run("v2ray-client", client(route, listen, to)));
    }

    private ChildProcess run(String role, Map<String, Object> configuration) throws IOException {
        Path file = Json.write(Files.createTempFile(bench.logs(), role + "-", ".json"), configuration);
        return bench.launch(role, List.of(PROGRAM, "-config", file.toString()));
    }

    private Map<String, Object> server(Route route, int listen) {
        Map<String, Object> stream = stream();
        if (route.tls()) {
            var identity = bench.certificates().server();
            Map<String, Object> certificate = Map.of(
                    "certificateFile", identity.certificatePem().toString(),
                    "keyFile", identity.keyPem().toString());
            stream.put("security", "tls");
            stream.put("tlsSettings", Map.of("certificates", List.of(certificate)));
        }
        Map<String, Object> inbound = Map.of(
                "listen",
                "127.0.0.1",
                "port",
                listen,
                "protocol",
                "vless",
                "settings",
                Map.of("clients", List.of(Map.of("id", USER)), "decryption", "none"),
                "streamSettings",
                stream);
        return configuration(inbound, Map.of("protocol", "freedom"));
    }

    private Map<String, Object> client(Route route, int listen, int to) {
        Map<String, Object> stream = stream();
        if (route.tls()) {
            Map<String, Object> authority = Map.of(
                    "usage",
                    "verify",
                    "certificateFile",
                    bench.certificates().caPem().toString());
            stream.put("security", "tls");
            stream.put("tlsSettings", Map.of("serverName", "localhost", "certificates", List.of(authority)));
        }
        Map<String, Object> server =
                Map.of("address", "127.0.0.1", "port", to, "users", List.of(Map.of("id", USER, "encryption", "none")));
        Map<String, Object> inbound = Map.of(
                "listen",
                "127.0.0.1",
                "port",
                listen,
                "protocol",
                "dokodemo-door",
                "settings",
                Map.of("address", "127.0.0.1", "port", route.upstream().getPort(), "network", "tcp"));
        return configuration(
                inbound,
                Map.of("protocol", "vless", "settings", Map.of("vnext", List.of(server)), "streamSettings", stream));
    }

    private static Map<String, Object> stream() {
        return new HashMap<>(Map.of("network", "ws", "wsSettings", Map.of("path", "/tunnel")));
    }

    private static Map<String, Object> configuration(Map<String, Object> inbound, Map<String, Object> outbound) {
        return Map.of(
                "log", Map.of("loglevel", "warning"), "inbounds", List.of(inbound), "outbounds", List.of(outbound));
    }
}
