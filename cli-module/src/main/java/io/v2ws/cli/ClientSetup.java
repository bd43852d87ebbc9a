package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.TlsOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.config.ConfigException;
import io.v2ws.config.ConfigReading;
import io.v2ws.config.ConfigSource;
import io.v2ws.config.ForwardConfig;
import io.v2ws.config.Preconnect;
import io.v2ws.config.Side;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What the command line and the file say of the client end, put together: the command line wins.
 *
 * @param url where the tunnel leads
 * @param options the transport
 * @param listen where the file says to listen
 * @param builder has it all
 * @param unverified whether any certificate will do
 * @param proxied whether a proxy is in between
 * @param preconnect what the file says of connections to keep ready
 * @param tcpKeepAlive what the file says of TCP keepalive
 */
record ClientSetup(
        String url,
        WebSocketTransportOptions options,
        Optional<HostAndPort> listen,
        WebSocketTransportClient.Builder builder,
        boolean unverified,
        boolean proxied,
        Preconnect preconnect,
        Optional<TcpKeepAlive> tcpKeepAlive) {

    /**
     * Puts the two together.
     *
     * @param argument a URL or a share link; null if the command line has none
     * @throws ParameterException if something is missing, wrong or contradictory
     */
    static ClientSetup of(CommandSpec spec, String argument, TransportGroup transport, ClientGroup client) {
        try {
            boolean link = argument != null && ConfigSource.isLink(argument);
            if (link) {
                transport.setSource(argument);
            }
            String url = link ? null : argument;
            ForwardConfig file = file(url, transport, client);
            String target = url != null
                    ? url
                    : file.url().map(URI::toString).orElseThrow(() -> new IllegalArgumentException(missing(transport)));
            file.warnings().forEach(warning -> Logs.say("warning: %s", warning));
            WebSocketTransportOptions options = options(url, file, transport, client);
            WebSocketTransportClient.Builder builder = WebSocketTransportClient.builder(target)
                    .options(options)
                    .engine(transport.engine())
                    .tls(tls(target, file, client))
                    .dial(client.dial != null ? client.dial : file.dial().orElse(null));
            String proxy = client.proxy != null
                    ? client.proxy
                    : file.proxy().map(URI::toString).orElse(null);
            builder.proxy(proxy);
            boolean unverified = (client.insecureSkipVerify || file.insecureSkipVerify())
                    && client.tlsPins == null
                    && file.tlsPins().isEmpty();
            return new ClientSetup(
                    target,
                    options,
                    file.listen(),
                    builder,
                    unverified,
                    proxy != null,
                    file.preconnect(),
                    file.tcpKeepAlive());
        } catch (ConfigException | IOException | IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    /** What a file says, and the transport of another program in its place. */
    private static ForwardConfig file(String url, TransportGroup transport, ClientGroup client) throws ConfigException {
        ForwardConfig file = client.config == null ? ForwardConfig.empty() : ForwardConfig.read(client.config);
        Optional<ConfigReading> other = transport.read(Side.CLIENT);
        if (other.isPresent() && file.transport().isPresent()) {
            throw new IllegalArgumentException(
                    "--transport: " + client.config + " has a transport too; which of the two is meant?");
        }
        return other.isPresent() ? file.with(other.get(), url == null) : file;
    }

    private static String missing(TransportGroup transport) {
        return transport.hasSource()
                ? "missing URL: what --transport names has a transport, but no server"
                : "missing URL (or --config FILE with one, or --transport FILE|LINK)";
    }

    /** Keeps connections ready, as command line or file say, for a command with many tunnels; null for nothing said. */
    ClientSetup preconnect(CommandSpec spec, Integer connections, Duration maxAge) {
        preconnect.connections().ifPresent(builder::preconnect);
        preconnect.maxAge().ifPresent(builder::preconnectMaxAge);
        try {
            if (connections != null) {
                builder.preconnect(connections);
            }
            if (maxAge != null) {
                builder.preconnectMaxAge(maxAge);
            }
            return this;
        } catch (IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    /** Sets the TCP keepalive that command line or file say, for a command that carries tunnels; null for nothing said. */
    ClientSetup tcpKeepAlive(TcpKeepAlive given) {
        Optional.ofNullable(given).or(() -> tcpKeepAlive).ifPresent(builder::tcpKeepAlive);
        return this;
    }

    /** Starts the client. */
    WebSocketTransportClient start(CommandSpec spec) throws IOException {
        if (unverified) {
            Logs.say("warning: no certificate is verified, anybody on the way can read and change all");
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    /** Returns the failure of a connection with the name of what could not be reached. */
    Exception named(Exception failure) {
        Throwable cause = Failures.unwrapped(failure);
        boolean network = cause instanceof SocketException
                || cause instanceof UnknownHostException
                || cause instanceof TimeoutException
                || cause instanceof SSLException;
        if (!network) {
            return failure;
        }
        String message = Failures.message(cause);
        String hint = message.startsWith("PKIX")
                ? " (an authority of your own needs --tls-ca, a single certificate --tls-pin)"
                : "";
        return new IOException(url + ": " + message + hint, cause);
    }

    private static WebSocketTransportOptions options(
            String url, ForwardConfig file, TransportGroup transport, ClientGroup client) {
        WebSocketTransportOptions.Builder base = file
                .transport()
                .orElseGet(() -> WebSocketTransportOptions.builder()
                        .serverFirstWait(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT)
                        .build())
                .toBuilder();
        if (url != null && hasPath(url)) {
            // Given here, it replaces the path of the file, which would contradict it otherwise.
            base.path("/");
        }
        if (client.handshakeTimeout != null) {
            base.handshakeTimeout(client.handshakeTimeout);
        }
        if (client.serverFirstWait != null) {
            base.serverFirstWait(client.serverFirstWait);
        }
        return transport.applyTo(base.build());
    }

    private static boolean hasPath(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return rest.indexOf('?') >= 0 || (slash >= 0 && slash < rest.length() - 1);
    }

    private static TlsOptions tls(String url, ForwardConfig file, ClientGroup client) throws IOException {
        rejectTlsWithoutTls(url, client);
        Path ca = client.tlsCa != null ? client.tlsCa : file.tlsCa().orElse(null);
        Path cert = client.tlsCert != null ? client.tlsCert : file.tlsCert().orElse(null);
        Path key = client.tlsKey != null ? client.tlsKey : file.tlsKey().orElse(null);
        if ((cert == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key need each other");
        }
        TlsOptions.Builder tls = TlsOptions.builder()
                .serverName(
                        client.serverName != null
                                ? client.serverName
                                : file.serverName().orElse(null))
                .insecureSkipVerify(client.insecureSkipVerify || file.insecureSkipVerify())
                .pinnedCertificates(array(client.tlsPins == null ? file.tlsPins() : client.tlsPins))
                .verifyNames(array(verifyNames(file, client)))
                .provider(TlsProviders.named(client.tlsProvider));
        if (ca != null) {
            tls.caFile(ca);
        }
        if (cert != null) {
            tls.keyFiles(cert, key);
        }
        return tls.build();
    }

    /** A server name on the command line is also the name to verify, whatever the file says. */
    private static List<String> verifyNames(ForwardConfig file, ClientGroup client) {
        if (client.tlsVerifyNames != null) {
            return client.tlsVerifyNames;
        }
        return client.serverName == null ? file.tlsVerifyNames() : List.of();
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    /** Whoever asks for TLS settings believes that there is TLS. */
    private static void rejectTlsWithoutTls(String url, ClientGroup client) {
        String option = client.tlsCa != null
                ? "--tls-ca"
                : client.tlsCert != null
                        ? "--tls-cert"
                        : client.serverName != null
                                ? "--server-name"
                                : client.insecureSkipVerify
                                        ? "--insecure-skip-verify"
                                        : client.tlsPins != null
                                                ? "--tls-pin"
                                                : client.tlsVerifyNames != null
                                                        ? "--tls-verify-name"
                                                        : client.tlsProvider != null ? "--tls-provider" : null;
        if (option != null && !url.toLowerCase(Locale.ROOT).startsWith("wss:")) {
            throw new IllegalArgumentException(option + " needs a wss:// URL: ws:// has no TLS");
        }
    }
}
