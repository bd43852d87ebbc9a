package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file of a forwarder (the client end), {@code {"listen": "127.0.0.1:2222", "url": "wss://example.org/tunnel",
 * "transport": {…}, "tls_ca": "ca.pem", …}}. Every key may be absent: the command line gives the rest. Immutable.
 *
 * @param listen where to listen, port 0 for any
 * @param url {@code ws} or {@code wss}, always with a host in ASCII ({@link URI#getHost} is null if it has an
 *     underscore) and never with a fragment; it may have a user and a password
 * @param transport how the tunnel behaves on the wire. Where the file does not say, its path is that of the {@code
 *     url}, and it waits {@link WebSocketTransportOptions#DEFAULT_FORWARDER_SERVER_FIRST_WAIT} for the local side to
 *     speak first
 * @param tlsCa file of the authorities to trust in place of the system's; relative names of files are resolved
 *     against the folder of the configuration file
 * @param tlsExtraCa file of authorities to trust beside those of the system, or of {@code tlsCa}
 * @param tlsPasswordFile file whose first line is the password of PKCS #12 files
 * @param tlsCert file of the client's certificate chain: PEM, or PKCS #12 with its private key
 * @param tlsKey PEM file of its private key; present exactly if {@code tlsCert} is a PEM file
 * @param serverName the name to ask for and to verify in TLS, in place of the URL's host
 * @param insecureSkipVerify whether any certificate is accepted; false if absent; without effect beside pins
 * @param tlsPins the SHA-256 of the only certificates to accept, regardless of their issuers, 64 hexadecimal digits in
 *     lower case each; empty to ask the authorities
 * @param tlsVerifyNames the names to verify in place of the server name, of which one must match; empty for the server
 *     name
 * @param proxy URL of the proxy to connect through, {@code http} (CONNECT) or {@code socks5}, with a host; or one of
 *     the words {@code none} and {@code system}, see {@code --proxy}
 * @param dial the address to connect to in place of the URL's, port 1 to 65535
 * @param preconnect the connections to keep ready
 * @param tcpKeepAlive of all TCP connections, those of local programs and those to the server
 * @param addressOrder of the addresses of the server or proxy; empty if the file does not say
 * @param proxyHeaders to send to the proxy with CONNECT
 * @param warnings what a transport in another program's words says in vain, one line each
 */
public record ForwardConfig(
        Optional<HostAndPort> listen,
        Optional<URI> url,
        Optional<WebSocketTransportOptions> transport,
        Optional<Path> tlsCa,
        Optional<Path> tlsExtraCa,
        Optional<Path> tlsPasswordFile,
        Optional<Path> tlsCert,
        Optional<Path> tlsKey,
        Optional<String> serverName,
        boolean insecureSkipVerify,
        List<String> tlsPins,
        List<String> tlsVerifyNames,
        Optional<URI> proxy,
        Optional<HostAndPort> dial,
        Preconnect preconnect,
        Optional<TcpKeepAlive> tcpKeepAlive,
        Optional<AddressOrder> addressOrder,
        Map<String, List<String>> proxyHeaders,
        List<String> warnings) {

    /**
     * Makes one without pins, names to verify, preconnected connections, TCP keepalive, order of addresses, headers for
     * the proxy and warnings.
     */
    public ForwardConfig(
            Optional<HostAndPort> listen,
            Optional<URI> url,
            Optional<WebSocketTransportOptions> transport,
            Optional<Path> tlsCa,
            Optional<Path> tlsCert,
            Optional<Path> tlsKey,
            Optional<String> serverName,
            boolean insecureSkipVerify,
            Optional<URI> proxy,
            Optional<HostAndPort> dial) {
        this(
                listen,
                url,
                transport,
                tlsCa,
                Optional.empty(),
                Optional.empty(),
                tlsCert,
                tlsKey,
                serverName,
                insecureSkipVerify,
                List.of(),
                List.of(),
                proxy,
                dial,
                Preconnect.UNSAID,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of());
    }

    /** Values of {@code proxy} that are not URLs, see {@code --proxy}. */
    private static final List<String> NO_URLS = List.of("none", "system");

    /** Copies the lists. */
    public ForwardConfig {
        tlsPins = List.copyOf(tlsPins);
        tlsVerifyNames = List.copyOf(tlsVerifyNames);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException naming file, line, column and key of the first thing that is not as expected
     */
    public static ForwardConfig read(Path file) throws ConfigException {
        ConfigObject object = Settings.ownFile(file);
        object.rejectUnknownKeys(
                "listen",
                "url",
                "transport",
                "tag",
                "tls_ca",
                "tls_extra_ca",
                "tls_password_file",
                "tls_cert",
                "tls_key",
                "server_name",
                "insecure_skip_verify",
                "tls_pin",
                "tls_verify_name",
                "proxy",
                "dial",
                Preconnect.KEY,
                Preconnect.MAX_AGE_KEY,
                KeepAliveKeys.IDLE,
                KeepAliveKeys.INTERVAL,
                KeepAliveKeys.COUNT,
                AddressOrderKeys.IPV4,
                AddressOrderKeys.IPV6,
                "proxy_headers");
        Optional<ConfigNode> certificate = object.get("tls_cert");
        if (certificate.isEmpty()
                || !TlsRules.isKeyStore(certificate.get().asText())
                || object.get("tls_key").isPresent()) {
            Settings.requireBothHalves(object, "tls_cert", "tls_key");
        }
        Optional<URI> url = url(object);
        Optional<ConfigReading> other = TransportReference.read(object, file, TunnelEnd.CLIENT);
        Optional<ConfigNode> insecure = object.get("insecure_skip_verify");
        ForwardConfig config = new ForwardConfig(
                Settings.listenAddress(object, "listen"),
                url,
                other.isPresent() ? Optional.empty() : transport(object, url),
                Settings.file(object, "tls_ca", file),
                Settings.file(object, "tls_extra_ca", file),
                Settings.file(object, "tls_password_file", file),
                Settings.file(object, "tls_cert", file),
                Settings.file(object, "tls_key", file),
                Scalars.serverName(object, "server_name"),
                insecure.isPresent() && insecure.get().asBoolean(),
                Scalars.pins(object, "tls_pin"),
                Scalars.serverNames(object, "tls_verify_name"),
                proxy(object),
                Settings.peerAddress(object, "dial"),
                Preconnect.read(object),
                KeepAliveKeys.read(object),
                AddressOrderKeys.read(object),
                proxyHeaders(object),
                List.of());
        ForwardConfig whole = other.isPresent() ? config.with(other.get(), url.isEmpty()) : config;
        whole.rejectTlsWithoutTls(object);
        return whole;
    }

    /** Returns what stands in place of a file that says nothing. */
    public static ForwardConfig empty() {
        return new ForwardConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Returns the same with the transport of a tunnel read from some dialect, and with its warnings.
     *
     * @param withServer whether the tunnel's server, TLS name and trust count too, each where this says nothing of it;
     *     a server name said here is also the name to verify
     */
    public ForwardConfig with(ConfigReading reading, boolean withServer) {
        TunnelConfig tunnel = reading.tunnel();
        boolean leads = withServer && url.isEmpty() && tunnel.server().isPresent();
        Optional<TlsConfig> tls = leads ? tunnel.tls() : Optional.empty();
        return new ForwardConfig(
                listen,
                leads ? tunnel.url() : url,
                Optional.of(forForwarder(tunnel)),
                tlsCa,
                tlsExtraCa,
                tlsPasswordFile,
                tlsCert,
                tlsKey,
                serverName.isPresent() ? serverName : tls.flatMap(TlsConfig::serverName),
                insecureSkipVerify || tls.map(TlsConfig::insecure).orElse(false),
                tlsPins.isEmpty() ? tls.map(TlsConfig::pins).orElse(List.of()) : tlsPins,
                tlsVerifyNames.isEmpty() && serverName.isEmpty()
                        ? tls.map(TlsConfig::verifyNames).orElse(List.of())
                        : tlsVerifyNames,
                proxy,
                dial,
                preconnect,
                tcpKeepAlive,
                addressOrder,
                proxyHeaders,
                ClientWarnings.of(reading, leads));
    }

    private static WebSocketTransportOptions forForwarder(TunnelConfig tunnel) {
        return tunnel.stated().contains("server_first_wait")
                ? tunnel.transport()
                : tunnel.transport().toBuilder()
                        .serverFirstWait(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT)
                        .build();
    }

    private static Optional<URI> url(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("url");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        URI url = value.get().parsed(text -> UrlText.parse(text, "ws", "wss"));
        if (url.getRawFragment() != null) {
            // Without the value, which may have a password.
            throw value.get().error("expected a URL without a fragment ('#'), which never reaches a server");
        }
        return Optional.of(url);
    }

    private static Optional<WebSocketTransportOptions> transport(ConfigObject object, Optional<URI> url)
            throws ConfigException {
        Optional<ConfigNode> value = object.get("transport");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String urlPath = url.map(UrlText::pathAndQuery).orElse("");
        WebSocketTransportOptions.Builder defaults = WebSocketTransportOptions.builder()
                .serverFirstWait(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT)
                .path(urlPath);
        WebSocketTransportOptions transport = SingBoxTransport.read(value.get(), defaults.build());
        Optional<ConfigNode> path = value.get().asObject().get("path");
        if (path.isPresent() && !urlPath.isEmpty() && !defaults.build().path().equals(transport.path())) {
            throw path.get().expected("the path of the url, " + Printable.quoted(urlPath) + ", or none");
        }
        return Optional.of(transport);
    }

    private static Optional<URI> proxy(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("proxy");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(value.get().parsed(ForwardConfig::proxy));
    }

    private static URI proxy(String text) {
        if (NO_URLS.contains(text)) {
            return URI.create(text);
        }
        HostUrl.requireScheme(text, "http", "socks5");
        return UrlText.parse(text, "http", "socks5");
    }

    private static Map<String, List<String>> proxyHeaders(ConfigObject object) throws ConfigException {
        WebSocketTransportOptions.Builder checked = WebSocketTransportOptions.builder();
        SingBoxTransport.readHeaders(object, "proxy_headers", checked);
        return checked.build().headers();
    }

    /** Refuses TLS options for a URL without TLS: their user expects TLS. */
    private void rejectTlsWithoutTls(ConfigObject object) throws ConfigException {
        if (url.isEmpty() || TlsRules.hasTls(url.get().toString())) {
            return;
        }
        for (String key : TlsRules.CLIENT_KEYS) {
            Optional<ConfigNode> value = object.get(key);
            if (value.isPresent() && !value.get().isEmptyOrFalse()) {
                throw value.get().errorAtKey(TlsRules.NO_TLS);
            }
        }
    }
}
