package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.Printable;
import io.v2ws.WebSocketTransportOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file of a forwarder (the client end), {@code {"listen": "127.0.0.1:2222", "url": "wss://example.org/tunnel",
 * "transport": {…}, "tls_ca": "ca.pem", …}}. Every key may be absent: the command line gives the rest. Immutable.
 *
 * @param listen where to listen, port 0 for any
 * @param url {@code ws} or {@code wss}, always with a host, never with user information or a fragment
 * @param transport how the tunnel behaves on the wire. Where the file does not say, its path is that of the
 *     {@code url}, and it waits {@link WebSocketTransportOptions#DEFAULT_FORWARDER_SERVER_FIRST_WAIT} for the local side
 *     to speak first
 * @param tlsCa PEM file of the authorities to trust in place of the system's; relative names of files are resolved
 *     against the folder of the configuration file
 * @param tlsCert PEM file of the client's certificate chain
 * @param tlsKey PEM file of its private key; present exactly if {@code tlsCert} is
 * @param serverName the name to ask for and to verify in TLS, in place of the URL's host
 * @param insecureSkipVerify whether any certificate is accepted; false if absent
 * @param proxy URL of the proxy to connect through, {@code http} (CONNECT) or {@code socks5}, always
 *     with a host
 * @param dial the address to connect to in place of the URL's, port 1 to 65535
 */
public record ForwardConfig(
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

    /**
     * Reads the file.
     *
     * @throws ConfigException naming file, line, column and key of the first thing that is not as expected
     */
    public static ForwardConfig read(Path file) throws ConfigException {
        ConfigObject object = ConfigNode.read(file).asObject();
        object.rejectUnknownKeys(
                "listen",
                "url",
                "transport",
                "tls_ca",
                "tls_cert",
                "tls_key",
                "server_name",
                "insecure_skip_verify",
                "proxy",
                "dial");
        Settings.requireBothHalves(object, "tls_cert", "tls_key");
        Optional<URI> url = url(object);
        Optional<ConfigNode> insecure = object.get("insecure_skip_verify");
        ForwardConfig config = new ForwardConfig(
                Settings.listenAddress(object, "listen"),
                url,
                transport(object, url),
                Settings.file(object, "tls_ca", file),
                Settings.file(object, "tls_cert", file),
                Settings.file(object, "tls_key", file),
                serverName(object),
                insecure.isPresent() && insecure.get().asBoolean(),
                proxy(object),
                Settings.peerAddress(object, "dial"));
        config.rejectTlsWithoutTls(object);
        return config;
    }

    private static Optional<URI> url(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("url");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        URI url = value.get().parsed(text -> UrlText.parse(text, "ws", "wss"));
        if (url.getRawUserInfo() != null) {
            throw value.get().error("expected a URL without user information, got one with it");
        }
        if (url.getRawFragment() != null) {
            throw value.get().expected("a URL without a fragment ('#'), which never reaches a server");
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

    private static Optional<String> serverName(ConfigObject object) throws ConfigException {
        Optional<String> name = object.getText("server_name");
        if (name.isPresent() && !name.get().chars().allMatch(c -> c > ' ' && c != 127 && "/:".indexOf(c) < 0)) {
            throw object.require("server_name", "a name").expected("a host name without a port");
        }
        return name;
    }

    private static Optional<URI> proxy(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> value = object.get("proxy");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(value.get().parsed(text -> UrlText.parse(text, "http", "socks5")));
    }

    /** Whoever asks for TLS settings believes that there is TLS. */
    private void rejectTlsWithoutTls(ConfigObject object) throws ConfigException {
        if (url.isEmpty() || url.get().getScheme().equals("wss")) {
            return;
        }
        for (String key : List.of("tls_ca", "tls_cert", "tls_key", "server_name", "insecure_skip_verify")) {
            Optional<ConfigNode> value = object.get(key);
            if (value.isPresent() && (insecureSkipVerify || !key.equals("insecure_skip_verify"))) {
                throw value.get().errorAtKey("expected a wss:// url beside it, got ws://, which has no TLS");
            }
        }
    }
}
