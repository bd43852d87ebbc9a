package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The v2ray plugin of shadowsocks, which carries TCP over WebSocket with no protocol inside. */
final class SsPlugin implements Contender {
    private static final String PROGRAM = "ss-v2ray-plugin";

    private final Bench bench;

    SsPlugin(Bench bench) {
        this.bench = bench;
    }

    @Override
    public String id() {
        return PROGRAM;
    }

    @Override
    public String label() {
        return PROGRAM + " -mux 0";
    }

    @Override
    public Optional<String> missing() {
        return Tools.find(PROGRAM).isPresent()
                ? Optional.empty()
                : Optional.of("no program " + PROGRAM + "; Debian: apt-get install shadowsocks-v2ray-plugin");
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
                (listen, to) -> bench.launch("ss-plugin-server", server(route, listen, to)),
                (listen, to) -> bench.launch("ss-plugin-client", client(route, listen, to)));
    }

    private List<String> server(Route route, int listen, int to) {
        List<String> command = common(listen, to);
        command.add("-server");
        if (route.tls()) {
            var identity = bench.certificates().server();
            command.addAll(List.of(
                    "-tls",
                    "-cert",
                    identity.certificatePem().toString(),
                    "-key",
                    identity.keyPem().toString()));
        }
        return command;
    }

    private List<String> client(Route route, int listen, int to) {
        List<String> command = common(listen, to);
        if (route.tls()) {
            command.addAll(List.of("-tls", "-cert", bench.certificates().caPem().toString()));
        }
        return command;
    }

    private static List<String> common(int listen, int to) {
        return new ArrayList<>(List.of(
                PROGRAM,
                "-mux",
                "0",
                "-host",
                "localhost",
                "-path",
                "/tunnel",
                "-localAddr",
                "127.0.0.1",
                "-localPort",
                Integer.toString(listen),
                "-remoteAddr",
                "127.0.0.1",
                "-remotePort",
                Integer.toString(to)));
    }
}
