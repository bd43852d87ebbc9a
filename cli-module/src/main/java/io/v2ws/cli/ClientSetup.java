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
import io.v2ws.config.TlsRules;
import io.v2ws.config.TunnelEnd;
import io.v2ws.internal.net.HeaderLine;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The settings of the client end, from the command line and the file; the command line wins.
 *
 * @param url the URL of the tunnel for messages, without credentials
 * @param options the transport
 * @param listen the address to listen on, from the file
 * @param builder has all settings but the ones below
 * @param unverified whether any certificate is accepted
 * @param proxied whether the client uses a proxy
 * @param preconnect the connections to keep ready, from the file
 * @param tcpKeepAlive the TCP keepalive, from the file
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
     * Merges the command line and the file.
     *
     * @param argument a URL or share link; null if not given
     * @throws ParameterException if a value is missing, wrong or contradicts another
     */
    static ClientSetup of(CommandSpec spec, String argument, TransportGroup transport, ClientGroup client) {
        try {
            boolean link = argument != null && ConfigSource.isLink(argument);
            String url = link ? null : argument;
            ForwardConfig file = file(argument, link, transport, client);
            String target = url != null
                    ? url
                    : file.url().map(URI::toString).orElseThrow(() -> new IllegalArgumentException(missing(transport)));
            file.warnings().forEach(warning -> Logs.say("warning: %s", warning));
            rejectTlsWithoutTls(spec, target);
            WebSocketTransportOptions options = options(url, file, transport, client);
            WebSocketTransportClient.Builder builder = WebSocketTransportClient.builder(target)
                    .options(options)
                    .engine(transport.engine())
                    .tls(tls(file, client));
            HostAndPort dial = client.dial != null ? client.dial : file.dial().orElse(null);
            ProxyChoice proxy = proxy(
                    client.proxy != null
                            ? client.proxy
                            : file.proxy().map(URI::toString).orElse(null),
                    target,
                    dial);
            builder.dial(dial)
                    .proxy(proxy.url())
                    .proxyHeaders(client.proxyHeaders == null ? file.proxyHeaders() : headers(client.proxyHeaders))
                    .addressOrder(client.addresses.order(file.addressOrder()));
            // Now it is known to be a right URL, whose password is where it is masked.
            if (Logs.isVerbose()) {
                Logs.say("%s", proxy.describe());
            }
            boolean unverified = (client.insecureSkipVerify || file.insecureSkipVerify())
                    && client.tlsPins == null
                    && file.tlsPins().isEmpty();
            return new ClientSetup(
                    HostUrl.parse(target).toString(),
                    options,
                    file.listen(),
                    builder,
                    unverified,
                    proxy.url() != null,
                    file.preconnect(),
                    file.tcpKeepAlive());
        } catch (ConfigException | IOException | IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    private static ProxyChoice proxy(String given, String target, HostAndPort dial) {
        HostUrl url = HostUrl.parse(target);
        boolean secure = TlsRules.hasTls(target);
        int port = url.port() >= 0 ? url.port() : secure ? 443 : 80;
        return ProxyChoice.of(
                given,
                secure,
                dial != null ? dial : new HostAndPort(url.host(), port),
                System.getenv(),
                ProxySelector.getDefault());
    }

    /** Reads the file; the transport of --transport replaces that of the file. */
    private static ForwardConfig file(String argument, boolean link, TransportGroup transport, ClientGroup client)
            throws ConfigException {
        ForwardConfig file = client.config == null ? ForwardConfig.empty() : ForwardConfig.read(client.config);
        Optional<ConfigReading> other =
                link ? Optional.of(transport.readLink(argument)) : transport.read(TunnelEnd.CLIENT);
        if (other.isPresent() && file.transport().isPresent()) {
            throw new IllegalArgumentException(
                    "--transport: " + client.config + " has a transport too; which of the two is meant?");
        }
        return other.isPresent() ? file.with(other.get(), link || argument == null) : file;
    }

    private static String missing(TransportGroup transport) {
        return transport.hasSource()
                ? "missing URL: what --transport names has a transport, but no server"
                : "missing URL (or --config FILE with one, or --transport FILE|LINK)";
    }

    /** Sets the connections to keep ready, for a command with many tunnels; null to use the file. */
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

    /** Sets the TCP keepalive, for a command that carries tunnels; null to use the file. */
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

    /** Returns the failure of a connection with the URL in its message. */
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
        // Most of the library's messages say where.
        String where = message.contains("://") ? "" : url + ": ";
        return new IOException(where + message + hint, cause);
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
            // The path of the URL replaces that of the file; two paths would be a contradiction.
            base.path("/");
        }
        if (client.handshakeTimeout != null) {
            base.handshakeTimeout(client.handshakeTimeout);
        }
        if (client.serverFirstWait != null) {
            base.serverFirstWait(client.serverFirstWait);
        }
        if (client.noServerFirstLearning) {
            base.serverFirstLearning(false);
        }
        return transport.applyTo(base.build());
    }

    private static boolean hasPath(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return rest.indexOf('?') >= 0 || (slash >= 0 && slash < rest.length() - 1);
    }

    private static TlsOptions tls(ForwardConfig file, ClientGroup client) throws IOException {
        Path ca = client.tlsCa != null ? client.tlsCa : file.tlsCa().orElse(null);
        Path cert = client.tlsCert != null ? client.tlsCert : file.tlsCert().orElse(null);
        Path key = client.tlsKey != null ? client.tlsKey : file.tlsKey().orElse(null);
        Path extraCa = client.tlsExtraCa != null
                ? client.tlsExtraCa
                : file.tlsExtraCa().orElse(null);
        Path passwordFile = client.tlsPasswordFile != null
                ? client.tlsPasswordFile
                : file.tlsPasswordFile().orElse(null);
        char[] password = passwordFile == null ? null : password(passwordFile);
        boolean together = key == null && cert != null && TlsRules.isKeyStore(cert.toString());
        if (!together) {
            TlsRules.requireBothHalves("--tls-cert", cert, "--tls-key", key);
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
            tls.caFile(ca, password);
        }
        if (extraCa != null) {
            tls.extraCaFile(extraCa, password);
        }
        if (together) {
            tls.keyStoreFile(cert, password);
        } else if (cert != null) {
            tls.keyFiles(cert, key);
        }
        return tls.build();
    }

    private static char[] password(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            return first == null ? new char[0] : first.toCharArray();
        } catch (CharacterCodingException x) {
            throw new IOException(file + ": expected a password in UTF-8, got other bytes", x);
        }
    }

    /** A server name on the command line is also the name to verify, and replaces the names of the file. */
    private static List<String> verifyNames(ForwardConfig file, ClientGroup client) {
        if (client.tlsVerifyNames != null) {
            return client.tlsVerifyNames;
        }
        return client.serverName == null ? file.tlsVerifyNames() : List.of();
    }

    private static Map<String, List<String>> headers(List<String> lines) {
        try {
            return HeaderLine.parseAll(lines);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException("--proxy-header: " + x.getMessage(), x);
        }
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    /** Refuses TLS options for a URL without TLS: their user expects TLS. */
    private static void rejectTlsWithoutTls(CommandSpec spec, String url) {
        if (TlsRules.hasTls(url)) {
            return;
        }
        ParseResult given = spec.commandLine().getParseResult();
        Stream.concat(TlsRules.CLIENT_KEYS.stream(), Stream.of("tls_provider"))
                .map(key -> "--" + key.replace('_', '-'))
                .filter(given::hasMatchedOption)
                .findFirst()
                .ifPresent(option -> {
                    throw new IllegalArgumentException(option + ": " + TlsRules.NO_TLS);
                });
    }
}
