package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code v2ws forward}: a local TCP port in front of a tunnel. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = "v2ws forward --listen=HOST:PORT [OPTIONS] URL|LINK...",
        description = "Listens on a TCP port and carries each connection through a tunnel of its own.",
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example: v2ws forward --listen 127.0.0.1:2222 wss://example.org/tunnel"})
final class ForwardCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "URL|LINK",
            description =
                    "ws://HOST[:PORT]/PATH or wss://…, or a share link (vless, trojan, vmess), which gives address,"
                            + " TLS name and transport. Required, here, in the file or in --transport. With several,"
                            + " each connection goes to the first server that accepts it.")
    private List<String> urls;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; port 0 takes a free one. Required, here or in the file.")
    private HostAndPort listen;

    @Option(
            names = "--preconnect",
            paramLabel = "N",
            description = "Keep this many connections to the server open, through TLS, for the next tunnels: the first"
                    + " answer comes sooner. 0 to 64. Default: 0, none.")
    private Integer preconnect;

    @Option(
            names = "--preconnect-max-age",
            paramLabel = "TIME",
            description = "Replace them at this age; should be less than the server waits for a request. Default: 8s.")
    private Duration preconnectMaxAge;

    @Option(names = "--tcp-keepalive", paramLabel = "IDLE[,INTERVAL[,COUNT]]", description = OutputFormat.TCP_KEEPALIVE)
    private TcpKeepAlive tcpKeepAlive;

    @ArgGroup(validate = false, heading = "%nConnection:%n")
    private final ClientGroup client = new ClientGroup();

    @ArgGroup(validate = false, heading = "%nTransport:%n")
    private final TransportGroup transport = new TransportGroup();

    @Override
    public Integer call() throws Exception {
        List<ClientSetup> setups = setups();
        HostAndPort address = listen != null
                ? listen
                : setups.get(0)
                        .listen()
                        .orElseThrow(() -> new ParameterException(spec.commandLine(), "missing --listen HOST:PORT"));
        List<WebSocketTransportClient> tunnels = new ArrayList<>();
        LocalForwarder forwarder;
        try {
            for (ClientSetup setup : setups) {
                tunnels.add(setup.start(spec));
            }
            forwarder = LocalForwarder.start(
                    tunnels, address, tunnels.get(0).options().serverFirstWait());
        } catch (IOException | RuntimeException x) {
            close(tunnels);
            throw x;
        }
        ServiceRunner.run(
                () -> {
                    forwarder.close();
                    close(tunnels);
                },
                tunnels.stream().map(WebSocketTransportClient::options).toList(),
                () -> Logs.say(
                        "listening on %s -> %s%s",
                        OutputFormat.addresses(forwarder.localAddresses()),
                        setups.stream().map(ClientSetup::url).collect(Collectors.joining(", else ")),
                        OutputFormat.earlyData(tunnels.get(0).options())));
        return 0;
    }

    /** One for each server. Connections are kept ready to the first one only. */
    private List<ClientSetup> setups() {
        List<ClientSetup> setups = new ArrayList<>();
        for (String url : urls == null ? Collections.<String>singletonList(null) : urls) {
            ClientSetup setup = ClientSetup.of(spec, url, transport, client).tcpKeepAlive(tcpKeepAlive);
            setups.add(setups.isEmpty() ? setup.preconnect(spec, preconnect, preconnectMaxAge) : setup);
        }
        return setups;
    }

    /** The first client last: the local connections are on its threads. */
    private static void close(List<WebSocketTransportClient> tunnels) {
        for (int i = tunnels.size() - 1; i >= 0; i--) {
            tunnels.get(i).close();
        }
    }
}
