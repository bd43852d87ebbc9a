package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
        customSynopsis = "v2ws forward --listen=HOST:PORT [OPTIONS] URL|LINK",
        description = "Listens on a TCP port and carries each connection through a tunnel of its own.",
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example: v2ws forward --listen 127.0.0.1:2222 wss://example.org/tunnel"})
final class ForwardCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL|LINK",
            description =
                    "ws://HOST[:PORT]/PATH or wss://…, or a share link (vless, trojan, vmess), which gives address,"
                            + " TLS name and transport. Required, here, in the file or in --transport.")
    private String url;

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
        ClientSetup setup = ClientSetup.of(spec, url, transport, client)
                .preconnect(spec, preconnect, preconnectMaxAge)
                .tcpKeepAlive(tcpKeepAlive);
        HostAndPort address = listen != null
                ? listen
                : setup.listen()
                        .orElseThrow(() -> new ParameterException(spec.commandLine(), "missing --listen HOST:PORT"));
        InetSocketAddress socketAddress = resolved(address);
        WebSocketTransportClient tunnels = setup.start(spec);
        LocalForwarder forwarder = listen(tunnels, socketAddress, address);
        ServiceRunner.run(
                () -> {
                    forwarder.close();
                    tunnels.close();
                },
                List.of(tunnels.options()),
                () -> Logs.say(
                        "listening on %s -> %s%s",
                        OutputFormat.address(forwarder.localAddress()),
                        setup.url(),
                        OutputFormat.earlyData(tunnels.options())));
        return 0;
    }

    private static LocalForwarder listen(
            WebSocketTransportClient tunnels, InetSocketAddress socketAddress, HostAndPort address) throws IOException {
        try {
            return LocalForwarder.start(
                    tunnels, socketAddress, tunnels.options().serverFirstWait());
        } catch (IOException x) {
            tunnels.close();
            throw new IOException(
                    "cannot listen on " + address + ": " + (x.getCause() == null ? x : x.getCause()).getMessage(), x);
        }
    }

    /** Looks up the address to listen on. */
    static InetSocketAddress resolved(HostAndPort address) throws IOException {
        InetSocketAddress socketAddress = address.toSocketAddress();
        if (socketAddress.isUnresolved()) {
            throw new IOException("cannot listen on " + address + ": unknown host");
        }
        return socketAddress;
    }
}
