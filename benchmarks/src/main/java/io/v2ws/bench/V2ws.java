package io.v2ws.bench;

import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.V2wsArguments;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/** {@code v2ws forward} and {@code v2ws serve}. */
class V2ws implements Contender {
    private final Bench bench;
    private final String id;
    private final String label;
    private final List<String> jvmFlags;
    private final List<String> options;

    private V2ws(Bench bench, String id, String label, List<String> jvmFlags, List<String> options) {
        this.bench = bench;
        this.id = id;
        this.label = label;
        this.jvmFlags = jvmFlags;
        this.options = options;
    }

    /** As it is. */
    static V2ws direct(Bench bench) {
        return new V2ws(bench, "v2ws", "v2ws", List.of(), List.of());
    }

    /** With the WebSocket layer of Jetty. */
    static V2ws jetty(Bench bench) {
        return new V2ws(bench, "v2ws-jetty", "v2ws, Jetty's engine", List.of(), List.of("--engine", "jetty"));
    }

    /** With the TLS of Conscrypt. */
    static V2ws conscrypt(Bench bench) {
        return new V2ws(bench, "v2ws-conscrypt", "v2ws, Conscrypt", List.of(), List.of("--tls-provider", "Conscrypt")) {
            @Override
            public boolean supports(Route route) {
                return route.tls();
            }

            @Override
            ChildProcess launch(String role, List<String> arguments) throws IOException {
                return bench.launch(role, bench.program().v2wsWith(conscryptJar(), role, arguments));
            }
        };
    }

    private static Path conscryptJar() throws IOException {
        try {
            return Path.of(Conscrypt.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException x) {
            throw new IOException("cannot tell where Conscrypt's jar is: " + x.getMessage(), x);
        }
    }

    /** As it is, in processes that tell what they allocate. */
    static V2ws probed(Bench bench) {
        return new V2ws(bench, "v2ws", "v2ws", List.of(), List.of()) {
            @Override
            ChildProcess launch(String role, List<String> arguments) throws IOException {
                return ChildProcess.startTalking(
                        role, bench.logs(), bench.program().main(role, AllocationProbe.class, arguments));
            }
        };
    }

    /** As it is, with flags of the JVM that make it small. */
    static V2ws small(Bench bench, List<String> jvmFlags) {
        return new V2ws(bench, "v2ws-small", "v2ws, " + String.join(" ", jvmFlags), jvmFlags, List.of());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Optional<Extra> extra() {
        return options.isEmpty() && jvmFlags.isEmpty() ? Optional.empty() : Optional.of(Extra.VARIANTS);
    }

    @Override
    public Optional<String> missing() {
        return options.isEmpty() || offers("serve", options.get(0)) && offers("forward", options.get(0))
                ? Optional.empty()
                : Optional.of("this build of v2ws has no " + options.get(0));
    }

    /** Whether the command knows the option. */
    boolean offers(String command, String option) {
        try {
            Process help = new ProcessBuilder(bench.program().v2ws("help", List.of(), List.of(command, "--help")))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.contains(option + "=") || text.contains(option + " ");
        } catch (IOException x) {
            return false;
        }
    }

    @Override
    public Line start(Route route) throws IOException {
        return Line.start(
                route,
                (listen, to) -> launch(id + "-server", serverArguments(route, listen, to)),
                (listen, to) -> launch(id + "-client", clientArguments(route, listen, to)));
    }

    /** Starts one of the two processes. */
    ChildProcess launch(String role, List<String> arguments) throws IOException {
        return bench.launch(role, bench.program().v2ws(role, jvmFlags, arguments));
    }

    @Override
    public Optional<Path> file() {
        return Optional.ofNullable(bench.program().jar());
    }

    private List<String> serverArguments(Route route, int listen, int to) {
        List<String> arguments = V2wsArguments.serve(PeerContender.link(route, Link.RAW), listen, to);
        arguments.addAll(options);
        return arguments;
    }

    private List<String> clientArguments(Route route, int listen, int to) {
        List<String> arguments = V2wsArguments.forward(PeerContender.link(route, Link.RAW), listen, to);
        if (route.preconnected() > 0) {
            arguments.addAll(List.of("--preconnect", Integer.toString(route.preconnected())));
        }
        arguments.addAll(options);
        return arguments;
    }
}
