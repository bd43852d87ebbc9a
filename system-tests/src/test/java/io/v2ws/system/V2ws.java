package io.v2ws.system;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.V2wsArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Our own ends, as the processes that users run. */
final class V2ws {
    /** Short, so that every peer has to answer some in every test. */
    static final Duration PING_INTERVAL = Duration.ofSeconds(1);

    /** Short enough to be waited for, long enough for a machine that is busy with everything else. */
    static final Duration PONG_TIMEOUT = Duration.ofSeconds(4);

    /** How long a tunnel lives when nothing is heard any more. */
    static final Duration KEEPALIVE = PING_INTERVAL.plus(PONG_TIMEOUT);

    /** The peers know no half-close; every close of theirs or ours costs this time. */
    static final Duration LINGER = Duration.ofMillis(500);

    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private V2ws() {}

    /** Starts {@code v2ws serve} in front of a TCP service. */
    static Program serve(Workspace workspace, WebSocketEngine engine, Link link, int service) throws IOException {
        return run(workspace, "v2ws-serve", engine, V2wsArguments.serve(link, 0, service));
    }

    /** Starts {@code v2ws serve} with a file. */
    static Program serve(Workspace workspace, Path configuration) throws IOException {
        List<String> command =
                List.of(JAVA, "-jar", System.getProperty("v2ws.jar"), "serve", "--config", configuration.toString());
        return Program.start(workspace, "v2ws-serve", ignored -> command, LISTENING);
    }

    /** Starts {@code v2ws serve} with its built-in echo. */
    static Program serveEcho(Workspace workspace, WebSocketEngine engine, Link link) throws IOException {
        return run(workspace, "v2ws-serve", engine, V2wsArguments.serveEcho(link, 0));
    }

    /** Starts {@code v2ws forward} to a WebSocket server. */
    static Program forward(Workspace workspace, WebSocketEngine engine, Link link, int server) throws IOException {
        return run(workspace, "v2ws-forward", engine, V2wsArguments.forward(link, 0, server));
    }

    /** Starts an application that has the filter in its own Jetty. */
    static Program filter(Workspace workspace, WebSocketEngine engine, Link link, int service) throws IOException {
        List<String> command = List.of(
                JAVA,
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedFilter.class.getName(),
                engine.name(),
                link.mode().name(),
                Integer.toString(service));
        return Program.start(workspace, "embedded-filter", ignored -> command, LISTENING);
    }

    private static Program run(Workspace workspace, String name, WebSocketEngine engine, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", System.getProperty("v2ws.jar")));
        command.addAll(arguments);
        command.addAll(List.of("--engine", engine.name().toLowerCase(Locale.ROOT)));
        command.addAll(List.of("--ping-interval", PING_INTERVAL.toMillis() + "ms"));
        command.addAll(List.of("--pong-timeout", PONG_TIMEOUT.toMillis() + "ms"));
        command.addAll(List.of("--half-close-linger", LINGER.toMillis() + "ms"));
        return Program.start(workspace, name, ignored -> command, LISTENING);
    }
}
