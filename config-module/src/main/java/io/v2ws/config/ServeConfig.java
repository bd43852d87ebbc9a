package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.Printable;
import io.v2ws.internal.net.TrustedProxy;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The file of a server, {@code {"listen": "127.0.0.1:8080", "tls_cert": "cert.pem", "tls_key": "key.pem", "tunnels":
 * [{"forward": "127.0.0.1:22", "transport": {…}, "hosts": […], "trusted_proxies": […]}]}}; a single tunnel may stand at
 * the top level instead. Immutable.
 *
 * @param listen where to listen, port 0 for any; empty if the file does not say
 * @param tlsCert PEM file of the certificate chain, relative names resolved against the folder of the configuration
 *     file; empty for no TLS
 * @param tlsKey PEM file of its private key; present exactly if {@code tlsCert} is
 * @param tunnels at least one
 * @param tcpKeepAlive of all TCP connections, those of clients and those to services; empty if the file does not say
 * @param addressOrder of the addresses of services; empty if the file does not say
 * @param site what everybody sees who opens no tunnel, a relative folder resolved against the folder of the
 *     configuration file; empty if the file does not say
 * @param healthPath of the pages about health; empty if the file does not say
 */
public record ServeConfig(
        Optional<HostAndPort> listen,
        Optional<Path> tlsCert,
        Optional<Path> tlsKey,
        List<Tunnel> tunnels,
        Optional<TcpKeepAlive> tcpKeepAlive,
        Optional<AddressOrder> addressOrder,
        Optional<SiteAddress> site,
        Optional<String> healthPath) {

    private static final String[] TUNNEL_KEYS = {"forward", "transport", "tag", "hosts", "trusted_proxies"};

    /** Copies the list. */
    public ServeConfig {
        tunnels = List.copyOf(tunnels);
    }

    /** Makes one that says nothing about TCP keepalive, the order of addresses, site and health. */
    public ServeConfig(
            Optional<HostAndPort> listen, Optional<Path> tlsCert, Optional<Path> tlsKey, List<Tunnel> tunnels) {
        this(listen, tlsCert, tlsKey, tunnels, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * One tunnel. Immutable.
     *
     * @param transport how it behaves on the wire
     * @param forward where its bytes go, port 1 to 65535; empty for the built-in echo
     * @param hosts the values of {@code Host} it answers to; empty for any
     * @param trustedProxies networks in CIDR notation whose word about the client's address is believed, each with
     *     {@code =HEADER} where it is not in the standard headers; empty for none
     * @param warnings what a transport in another program's words says in vain, one line each
     */
    public record Tunnel(
            WebSocketTransportOptions transport,
            Optional<HostAndPort> forward,
            List<String> hosts,
            List<String> trustedProxies,
            List<String> warnings) {

        /** Copies the lists. */
        public Tunnel {
            hosts = List.copyOf(hosts);
            trustedProxies = List.copyOf(trustedProxies);
            warnings = List.copyOf(warnings);
        }

        /** Makes one without warnings. */
        public Tunnel(
                WebSocketTransportOptions transport,
                Optional<HostAndPort> forward,
                List<String> hosts,
                List<String> trustedProxies) {
            this(transport, forward, hosts, trustedProxies, List.of());
        }

        /** Returns the tunnel of a transport, to the built-in echo. */
        public static Tunnel of(WebSocketTransportOptions transport) {
            return new Tunnel(transport, Optional.empty(), List.of(), List.of());
        }

        /** Returns the tunnel that was read from some dialect for a server, to the built-in echo. */
        public static Tunnel of(ConfigReading reading) {
            TunnelConfig tunnel = reading.tunnel();
            List<String> hosts =
                    tunnel.inbound().map(TunnelConfig.Inbound::hosts).orElse(List.of());
            return new Tunnel(tunnel.transport(), Optional.empty(), hosts, List.of(), reading.warnings());
        }

        private boolean overlaps(Tunnel other) {
            return transport.path().equals(other.transport.path())
                    && (hosts.isEmpty()
                            || other.hosts.isEmpty()
                            || other.lowerCaseHosts().removeAll(lowerCaseHosts()));
        }

        private Set<String> lowerCaseHosts() {
            Set<String> lowerCase = new HashSet<>();
            hosts.forEach(host -> lowerCase.add(host.toLowerCase(Locale.ROOT)));
            return lowerCase;
        }
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException naming file, line, column and key of the first thing that is not as expected
     */
    public static ServeConfig read(Path file) throws ConfigException {
        ConfigObject object = Settings.ownFile(file);
        object.rejectUnknownKeys(
                "listen",
                "tls_cert",
                "tls_key",
                KeepAliveKeys.IDLE,
                KeepAliveKeys.INTERVAL,
                KeepAliveKeys.COUNT,
                AddressOrderKeys.IPV4,
                AddressOrderKeys.IPV6,
                "site",
                "health_path",
                "tunnels",
                "forward",
                "transport",
                "tag",
                "hosts",
                "trusted_proxies");
        Settings.requireBothHalves(object, "tls_cert", "tls_key");
        return new ServeConfig(
                Settings.listenAddress(object, "listen"),
                Settings.file(object, "tls_cert", file),
                Settings.file(object, "tls_key", file),
                tunnels(object, file),
                KeepAliveKeys.read(object),
                AddressOrderKeys.read(object),
                site(object, file),
                object.getText("health_path"));
    }

    private static Optional<SiteAddress> site(ConfigObject object, Path file) throws ConfigException {
        Optional<ConfigNode> value = object.get("site");
        return value.isPresent()
                ? Optional.of(value.get().parsed(text -> SiteAddress.parse(text, file.resolveSibling(""))))
                : Optional.empty();
    }

    private static List<Tunnel> tunnels(ConfigObject object, Path file) throws ConfigException {
        Optional<ConfigNode> value = object.get("tunnels");
        if (value.isEmpty()) {
            return List.of(tunnel(object, file));
        }
        for (String key : TUNNEL_KEYS) {
            Optional<ConfigNode> stray = object.get(key);
            if (stray.isPresent()) {
                throw stray.get().errorAtKey("expected inside \"tunnels\", got it beside \"tunnels\"");
            }
        }
        List<Tunnel> tunnels = new ArrayList<>();
        for (ConfigNode item : value.get().asList()) {
            ConfigObject tunnelObject = item.asObject();
            tunnelObject.rejectUnknownKeys(TUNNEL_KEYS);
            Tunnel tunnel = tunnel(tunnelObject, file);
            for (int i = 0; i < tunnels.size(); i++) {
                if (tunnel.overlaps(tunnels.get(i))) {
                    throw tunnelObject
                            .require("transport", "an object")
                            .error("expected another path or other hosts than those of tunnels[" + i + "], got "
                                    + Printable.quoted(tunnel.transport().path()) + " again");
                }
            }
            tunnels.add(tunnel);
        }
        if (tunnels.isEmpty()) {
            throw value.get().error("expected at least one tunnel, got an empty list");
        }
        return tunnels;
    }

    private static Tunnel tunnel(ConfigObject object, Path file) throws ConfigException {
        Optional<ConfigReading> other = TransportReference.read(object, file, TunnelEnd.SERVER);
        List<String> hosts = strings(object, "hosts", ServeConfig::host);
        if (other.isPresent() && hosts.isEmpty()) {
            hosts = Tunnel.of(other.get()).hosts();
        }
        return new Tunnel(
                other.isPresent()
                        ? other.get().tunnel().transport()
                        : SingBoxTransport.read(object.require("transport", "a transport such as {\"type\": \"ws\"}")),
                Settings.peerAddress(object, "forward"),
                hosts,
                strings(
                        object,
                        "trusted_proxies",
                        text -> TrustedProxy.parse(text).toString()),
                other.map(ConfigReading::warnings).orElse(List.of()));
    }

    private static List<String> strings(ConfigObject object, String key, UnaryOperator<String> check)
            throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        if (value.isEmpty()) {
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        for (ConfigNode item : value.get().asListOrOne()) {
            strings.add(item.parsed(check));
        }
        return strings;
    }

    private static String host(String text) {
        boolean plausible =
                !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != 127 && "/?#@\\".indexOf(c) < 0);
        if (!plausible) {
            throw new IllegalArgumentException(
                    "expected a host name such as \"example.org\", got " + Printable.quoted(text));
        }
        return text;
    }
}
