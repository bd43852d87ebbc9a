package io.v2ws.system;

import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A v2ws server as people put it behind a proxy, with one tunnel for each thing that the tests of the proxies ask. */
final class ProxyBackend implements AutoCloseable {
    /** Its service refuses connections, so that its log names every client; it believes 127.0.0.1. */
    static final String TRUSTING = "/tunnel-trusting";

    /** As above, but it believes nobody. */
    static final String DISTRUSTING = "/tunnel-distrusting";

    /** Sends no pings. */
    static final String SILENT = "/tunnel-silent";

    private final Workspace workspace;
    private final Upstream upstream = new Upstream();
    private final ClosedPort closed = new ClosedPort();
    private final Program server;
    private final String log;

    /** What runs the server. */
    enum Kind {
        SERVE,
        WAR
    }

    ProxyBackend(Kind kind) throws IOException {
        workspace = Workspace.of("behind proxies " + kind);
        Path file = workspace.write("v2ws.json", configuration());
        server = kind == Kind.SERVE
                ? V2ws.serve(workspace, file)
                : WarContainer.JETTY.start(workspace, Map.of("V2WS_CONFIG", file.toString()));
        log = kind == Kind.SERVE ? "v2ws-serve" : "container";
    }

    private String configuration() {
        StringBuilder tunnels = new StringBuilder();
        for (EarlyDataMode mode : EarlyDataMode.values()) {
            tunnels.append(tunnel(
                            upstream.port(), true, path(mode), """
                    , "max_early_data": %d, "early_data_header_name": "%s"\
                    """.formatted(mode.maxEarlyData(), mode.headerName())))
                    .append(",\n");
        }
        tunnels.append(tunnel(upstream.port(), true, SILENT, ", \"ping_interval\": \"0s\""))
                .append(",\n");
        tunnels.append(tunnel(closed.port(), true, TRUSTING, "")).append(",\n");
        tunnels.append(tunnel(closed.port(), false, DISTRUSTING, ""));
        return "{\"listen\": \"127.0.0.1:0\", \"tunnels\": [\n" + tunnels + "]}\n";
    }

    private static String tunnel(int service, boolean trusting, String path, String more) {
        return """
                {"forward": "127.0.0.1:%d", "trusted_proxies": [%s],
                 "transport": {"type": "ws", "path": "%s"%s}}\
                """.formatted(service, trusting ? "\"127.0.0.1\"" : "", path, more);
    }

    /** The path of the tunnel to the upstream that takes early data like this. */
    static String path(EarlyDataMode mode) {
        return "/tunnel-" + mode.name().toLowerCase(Locale.ROOT);
    }

    int port() {
        return server.port();
    }

    /** The service behind its tunnels. */
    Upstream upstream() {
        return upstream;
    }

    /** What it has logged until now. */
    String log() throws IOException {
        return workspace.said(log, 0);
    }

    @Override
    public void close() throws IOException {
        server.close();
        upstream.close();
        closed.close();
        workspace.close();
    }
}
