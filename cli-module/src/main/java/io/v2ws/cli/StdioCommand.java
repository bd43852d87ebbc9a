package io.v2ws.cli;

import io.v2ws.WebSocketStream;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code v2ws stdio}: one tunnel on standard input and output. */
@Command(
        name = "stdio",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = "v2ws stdio [OPTIONS] URL|LINK",
        description = {
            "Carries standard input and output through one tunnel.",
            "Ends when the far end does; the end of the input is passed on and the answer still awaited."
        },
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example: ssh -o ProxyCommand='v2ws stdio wss://example.org/ssh' user@host"})
final class StdioCommand implements Callable<Integer> {
    /** How long a stop by a signal waits for the Close frame to go out. */
    private static final long GOODBYE_SECONDS = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL|LINK",
            description =
                    "ws://HOST[:PORT]/PATH or wss://…, or a share link (vless, trojan, vmess), which gives address,"
                            + " TLS name and transport. Required, here, in the file or in --transport.")
    private String url;

    @Option(names = "--tcp-keepalive", paramLabel = "IDLE[,INTERVAL[,COUNT]]", description = OutputFormat.TCP_KEEPALIVE)
    private TcpKeepAlive tcpKeepAlive;

    @ArgGroup(validate = false, heading = "%nConnection:%n")
    private final ClientGroup client = new ClientGroup();

    @ArgGroup(validate = false, heading = "%nTransport:%n")
    private final TransportGroup transport = new TransportGroup();

    private volatile boolean stopping;

    @Override
    public Integer call() throws Exception {
        try {
            transport.rejectStandardInput();
        } catch (IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
        ClientSetup setup = ClientSetup.of(spec, url, transport, client).tcpKeepAlive(tcpKeepAlive);
        try (WebSocketTransportClient tunnels = setup.start(spec)) {
            WebSocketStream tunnel = tunnels.connect().get();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tunnel), "v2ws-stop"));
            // Not System.in and System.out: both buffer, and System.out hides errors.
            new StdioPump(
                            tunnel,
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out),
                            tunnels.options().halfCloseLinger())
                    .run();
        } catch (IOException | ExecutionException x) {
            if (stopping) {
                // The stop is no failure to report. The JVM ends when its shutdown hooks have run.
                new CountDownLatch(1).await();
            }
            throw setup.named(x);
        }
        return 0;
    }

    /**
     * Sends the Close frame of an aborted stream when a signal ends the process. The kernel would send a FIN, which
     * most far ends take for the end of the input. Does nothing to a tunnel that has ended.
     */
    private void stop(WebSocketStream tunnel) {
        stopping = true;
        tunnel.abort(new IOException("stopped by a signal"));
        try {
            tunnel.closed().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException cut) {
            // The kernel ends the connection.
        }
    }
}
