package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One tunnel as a dialect describes it: always a transport, and as much around it as the source had. Immutable.
 *
 * @param name the tag or remark; empty for none
 * @param transport how the tunnel behaves on the wire
 * @param server where a client connects to; empty where only a transport was given, and for servers
 * @param tls empty for no TLS, or where only a transport was given
 * @param account the account of the proxy protocol inside
 * @param inbound what only servers have; empty for what describes a client
 * @param stated the options outside sing-box's own that the source sets, by their names in v2ws's files, such as
 *     {@code ping_interval}
 */
public record TunnelConfig(
        String name,
        WebSocketTransportOptions transport,
        Optional<HostAndPort> server,
        Optional<TlsConfig> tls,
        Optional<Account> account,
        Optional<Inbound> inbound,
        Set<String> stated) {

    /** Copies the set. */
    public TunnelConfig {
        stated = Set.copyOf(stated);
    }

    /**
     * What only the server's side has. Immutable.
     *
     * @param listen where it listens; empty if not said
     * @param certificate PEM file of the certificate chain, as written in the source
     * @param key PEM file of the private key, as written in the source
     * @param hosts the values of {@code Host} it answers to; empty for any
     */
    public record Inbound(
            Optional<HostAndPort> listen, Optional<Path> certificate, Optional<Path> key, List<String> hosts) {
        /** Copies the list. */
        public Inbound {
            hosts = List.copyOf(hosts);
        }
    }

    /** Returns the same with another name. */
    public TunnelConfig withName(String other) {
        return new TunnelConfig(other, transport, server, tls, account, inbound, stated);
    }

    /** Returns the same with another transport. */
    public TunnelConfig withTransport(WebSocketTransportOptions other) {
        return new TunnelConfig(name, other, server, tls, account, inbound, stated);
    }

    /** Returns the same, leading to another server. */
    public TunnelConfig withServer(HostAndPort address) {
        return new TunnelConfig(name, transport, Optional.of(address), tls, account, inbound, stated);
    }

    /** Returns the same with other TLS settings. */
    public TunnelConfig withTls(TlsConfig settings) {
        return new TunnelConfig(name, transport, server, Optional.of(settings), account, inbound, stated);
    }

    /** Returns the same with another account. */
    public TunnelConfig withAccount(Account other) {
        return new TunnelConfig(name, transport, server, tls, Optional.of(other), inbound, stated);
    }

    /** Returns the transport alone. */
    public TunnelConfig transportOnly() {
        return new TunnelConfig(
                "", transport, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), stated);
    }

    /** Whether there is all that an outbound needs besides the transport: a server and an account. */
    public boolean isComplete() {
        return server.isPresent() && account.isPresent();
    }

    /**
     * Returns the TLS name for dialects that take it from {@code Host} where none is said: where there is a
     * {@code Host}, it is always said. Empty for none.
     */
    String serverNameForHostReaders() {
        if (tls.isEmpty() || tls.get().serverName().isPresent()) {
            return tls.flatMap(TlsConfig::serverName).orElse("");
        }
        boolean hasHost = transport.headers().keySet().stream().anyMatch("Host"::equalsIgnoreCase);
        return hasHost ? server.map(HostAndPort::host).orElse("") : "";
    }

    /** Returns the URL of the server for a client, without a path; empty if there is no server. */
    Optional<URI> url() {
        return server.map(address -> URI.create((tls.isPresent() ? "wss://" : "ws://") + address));
    }
}
