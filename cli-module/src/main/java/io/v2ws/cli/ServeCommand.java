package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.config.ConfigException;
import io.v2ws.config.ConfigReading;
import io.v2ws.config.ServeConfig;
import io.v2ws.config.SiteAddress;
import io.v2ws.config.TunnelConfig;
import io.v2ws.config.TunnelEnd;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.standalone.Tunnel;
import io.v2ws.server.standalone.TunnelServer;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code v2ws serve}: the server end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = {
            "v2ws serve --listen=HOST:PORT --path=PATH [--forward=HOST:PORT] [OPTIONS]",
            "       v2ws serve --listen=HOST:PORT --transport=FILE [--tag=NAME] [OPTIONS]",
            "       v2ws serve --config=FILE [OPTIONS]"
        },
        description = "Accepts tunnels and leads each to a TCP service, or echoes it.",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Several tunnels stand in one file:",
            "  {\"listen\": \"127.0.0.1:8080\", \"tunnels\": [",
            "    {\"forward\": \"127.0.0.1:22\", \"transport\": {\"type\": \"ws\", \"path\": \"/ssh\"}}]}",
            "Without --site, requests that are no tunnel get an empty 404, on every path.",
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(validate = false, heading = "")
    private final ServeGroup serve = new ServeGroup();

    @ArgGroup(validate = false, heading = "%nTransport:%n")
    private final TransportGroup transport = new TransportGroup();

    /** What the options and the file say. */
    private Optional<SiteAddress> site = Optional.empty();

    /** The server's own options. */
    static final class ServeGroup {
        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                description = "Where to listen; port 0 takes a free one. Required, here or in the file.")
        private HostAndPort listen;

        @Option(names = "--path", paramLabel = "PATH", description = "Path of the tunnel. Required without a file.")
        private String path;

        @Option(
                names = "--forward",
                paramLabel = "HOST:PORT",
                description = "TCP service the tunnel leads to. Default: a built-in echo.")
        private HostAndPort forward;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "JSON file with sing-box's \"transport\" and the options here; what is given here wins."
                        + " Default: none.")
        private Path config;

        @Option(
                names = "--host",
                paramLabel = "NAME",
                description = "Host name the tunnel answers to. May be repeated. Default: any.")
        private List<String> hosts;

        @Option(
                names = "--trusted-proxy",
                paramLabel = "CIDR[=HEADER]",
                description =
                        "Proxies whose word about the client's address is believed, and the header that has it, such"
                                + " as X-Real-IP. May be repeated. Default: none; header: Forwarded and"
                                + " X-Forwarded-For.")
        private List<String> trustedProxies;

        @Option(names = "--tls-cert", paramLabel = "PEM", description = "Certificate chain. Default: no TLS.")
        private Path tlsCert;

        @Option(names = "--tls-key", paramLabel = "PEM", description = "Key of the certificate. Default: no TLS.")
        private Path tlsKey;

        @Option(
                names = "--tls-provider",
                paramLabel = "NAME",
                description = "Java security provider that does the TLS, Conscrypt for instance, which is faster; see"
                        + " docs/performance.md. Default: the JVM's own.")
        private String tlsProvider;

        @Option(
                names = "--connect-timeout",
                paramLabel = "TIME",
                defaultValue = "10s",
                description = "For the connect to the TCP service. Default: 10s.")
        private Duration connectTimeout;

        @Option(
                names = "--handshake-timeout",
                paramLabel = "TIME",
                defaultValue = "10s",
                description = "For TLS and the whole head of a request; slower clients are cut. Default: 10s.")
        private Duration handshakeTimeout;

        @Option(
                names = "--tcp-keepalive",
                paramLabel = "IDLE[,INTERVAL[,COUNT]]",
                description = OutputFormat.TCP_KEEPALIVE)
        private TcpKeepAlive tcpKeepAlive;

        @ArgGroup(validate = false)
        private final SiteGroup site = new SiteGroup();

        @ArgGroup(validate = false)
        private final AddressGroup addresses = new AddressGroup();
    }

    @Override
    public Integer call() throws Exception {
        TunnelServer server = server().start();
        ServiceRunner.run(
                server::close, server.tunnels().stream().map(Tunnel::options).toList(), () -> {
                    announce(server);
                    site.ifPresent(address -> Logs.say("  site: %s", address));
                });
        return 0;
    }

    private TunnelServer.Builder server() {
        try {
            ServeConfig file = file();
            HostAndPort listen = Optional.ofNullable(serve.listen)
                    .or(file::listen)
                    .orElseThrow(() -> new IllegalArgumentException("missing --listen HOST:PORT"));
            TunnelServer.Builder server = TunnelServer.builder(listen)
                    .engine(transport.engine())
                    .connectTimeout(serve.connectTimeout)
                    .handshakeTimeout(serve.handshakeTimeout)
                    .tcpKeepAlive(Optional.ofNullable(serve.tcpKeepAlive)
                            .or(file::tcpKeepAlive)
                            .orElse(TcpKeepAlive.DEFAULT))
                    .addressOrder(serve.addresses.order(file.addressOrder()));
            addTls(server, file);
            List<ServeConfig.Tunnel> tunnels = tunnels(file);
            tunnels.forEach(tunnel -> server.tunnel(tunnel(tunnel)));
            site = serve.site.applyTo(server, file, tunnels, serve.connectTimeout);
            file.tunnels().forEach(tunnel -> tunnel.warnings().forEach(line -> Logs.say("warning: %s", line)));
            return server;
        } catch (ConfigException | IOException | IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    private static Tunnel tunnel(ServeConfig.Tunnel tunnel) {
        return tunnel.forward()
                .map(upstream -> Tunnel.forward(tunnel.transport(), upstream))
                .orElseGet(() -> Tunnel.handle(tunnel.transport(), new EchoHandler()))
                .withHosts(tunnel.hosts())
                .withTrustedProxies(tunnel.trustedProxies());
    }

    private ServeConfig file() throws ConfigException {
        Optional<ConfigReading> other = transport.read(TunnelEnd.SERVER);
        if (serve.config != null && other.isPresent()) {
            throw new IllegalArgumentException("--config and --transport: name the transport in the file");
        }
        if (serve.config != null) {
            return ServeConfig.read(serve.config);
        }
        return other.isPresent() ? fromOtherProgram(other.get()) : fromOptions();
    }

    /** What a file would say that has nothing in it. */
    private ServeConfig fromOptions() {
        if (serve.path == null) {
            throw new IllegalArgumentException("missing --path PATH (or --config FILE, or --transport FILE)");
        }
        ServeConfig.Tunnel tunnel = ServeConfig.Tunnel.of(WebSocketTransportOptions.defaults());
        return new ServeConfig(Optional.empty(), Optional.empty(), Optional.empty(), List.of(tunnel));
    }

    /** What the file of another program says: where its inbound listens, and with which certificate. */
    private ServeConfig fromOtherProgram(ConfigReading reading) {
        Optional<TunnelConfig.Inbound> inbound = reading.tunnel().inbound();
        Optional<Path> certificate = inbound.flatMap(TunnelConfig.Inbound::certificate);
        boolean tls = inbound.isPresent() && reading.tunnel().tls().isPresent();
        if (tls && certificate.isEmpty() && serve.tlsCert == null) {
            Logs.say("warning: the inbound speaks TLS, this server will not: give --tls-cert and --tls-key");
        }
        return new ServeConfig(
                inbound.flatMap(TunnelConfig.Inbound::listen),
                certificate,
                inbound.flatMap(TunnelConfig.Inbound::key),
                List.of(ServeConfig.Tunnel.of(reading)));
    }

    private void addTls(TunnelServer.Builder server, ServeConfig file) throws IOException {
        Path cert = serve.tlsCert != null ? serve.tlsCert : file.tlsCert().orElse(null);
        Path key = serve.tlsKey != null ? serve.tlsKey : file.tlsKey().orElse(null);
        if ((cert == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key need each other");
        }
        if (cert == null && serve.tlsProvider != null) {
            throw new IllegalArgumentException(
                    "--tls-provider needs --tls-cert and --tls-key: without, there is no TLS");
        }
        if (cert != null) {
            server.tls(cert, key).tlsProvider(TlsProviders.named(serve.tlsProvider));
        }
    }

    private List<ServeConfig.Tunnel> tunnels(ServeConfig file) {
        List<String> single = givenForOneTunnel();
        if (file.tunnels().size() > 1 && !single.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", single) + ": which of the "
                    + file.tunnels().size() + " tunnels in " + serve.config + " is meant? Say it in the file");
        }
        return file.tunnels().stream().map(this::overridden).toList();
    }

    private List<String> givenForOneTunnel() {
        List<String> given = new ArrayList<>(transport.givenForOneTunnel());
        if (serve.hosts != null) {
            given.add(0, "--host");
        }
        if (serve.forward != null) {
            given.add(0, "--forward");
        }
        if (serve.path != null) {
            given.add(0, "--path");
        }
        return given;
    }

    private ServeConfig.Tunnel overridden(ServeConfig.Tunnel tunnel) {
        WebSocketTransportOptions options = tunnel.transport();
        if (serve.path != null) {
            options = options.toBuilder().path(serve.path).build();
        }
        return new ServeConfig.Tunnel(
                transport.applyTo(options),
                Optional.ofNullable(serve.forward).or(tunnel::forward),
                serve.hosts != null ? serve.hosts : tunnel.hosts(),
                serve.trustedProxies != null ? serve.trustedProxies : tunnel.trustedProxies(),
                tunnel.warnings());
    }

    private static void announce(TunnelServer server) {
        String addresses =
                server.addresses().stream().map(HostAndPort::toString).collect(Collectors.joining(" and "));
        Logs.say("listening on %s (%s)", addresses, server.isSecure() ? "wss" : "ws");
        for (Tunnel tunnel : server.tunnels()) {
            Logs.say(
                    "  %s -> %s%s%s",
                    tunnel.options().path(),
                    tunnel.upstream().map(HostAndPort::toDisplayString).orElse("echo"),
                    tunnel.hosts().isEmpty() ? "" : ", for " + String.join(", ", tunnel.hosts()),
                    OutputFormat.earlyData(tunnel.options()));
        }
    }
}
