package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.Admission;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One tunnel of a {@link TunnelServer}: a path, and where its streams lead. Immutable. */
public final class Tunnel {
    private final WebSocketTransportOptions options;
    /** Null for a tunnel with a handler. */
    private final HostAndPort upstream;
    /** Null for a tunnel to a service. */
    private final TunnelHandler handler;

    private final List<String> hosts;
    private final List<String> trustedProxies;
    /** Null for none. */
    private final Admission admission;

    private Tunnel(
            WebSocketTransportOptions options,
            HostAndPort upstream,
            TunnelHandler handler,
            Collection<String> hosts,
            Collection<String> trustedProxies,
            Admission admission) {
        this.options = Objects.requireNonNull(options, "options");
        this.upstream = upstream;
        this.handler = handler;
        this.hosts = List.copyOf(hosts);
        this.trustedProxies = List.copyOf(trustedProxies);
        this.admission = admission;
        // The filter checks the values: here, rather than at the start of the server.
        filter(new EchoHandler()).build();
    }

    /**
     * Returns a tunnel to a TCP service, see {@link TcpForwarder}.
     *
     * @param options the transport; its headers go into the 101 response
     * @param upstream the service; the name is looked up for each tunnel
     * @throws IllegalArgumentException if a header belongs to the handshake itself
     */
    public static Tunnel forward(WebSocketTransportOptions options, HostAndPort upstream) {
        Objects.requireNonNull(upstream, "upstream");
        return new Tunnel(options, upstream, null, List.of(), List.of(), null);
    }

    /**
     * Returns a tunnel whose streams go to a handler.
     *
     * @param options the transport; its headers go into the 101 response
     * @throws IllegalArgumentException if a header belongs to the handshake itself
     */
    public static Tunnel handle(WebSocketTransportOptions options, TunnelHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return new Tunnel(options, null, handler, List.of(), List.of(), null);
    }

    /** Returns this tunnel for some hosts, see {@link WebSocketUpgradeFilter.Builder#hosts}. Default all. */
    public Tunnel withHosts(Collection<String> hosts) {
        return new Tunnel(options, upstream, handler, hosts, trustedProxies, admission);
    }

    /**
     * Returns this tunnel behind proxies, see {@link WebSocketUpgradeFilter.Builder#trustedProxies}. Default none.
     *
     * @throws IllegalArgumentException if one is not an address or a CIDR block
     */
    public Tunnel withTrustedProxies(Collection<String> blocks) {
        return new Tunnel(options, upstream, handler, hosts, blocks, admission);
    }

    /**
     * Returns this tunnel with a hook that decides who gets in, see {@link WebSocketUpgradeFilter.Builder#admit}. The
     * hook may block: a server that has one handles no request on its selector threads, so opening a tunnel takes a
     * little longer.
     */
    public Tunnel withAdmission(Admission admission) {
        return new Tunnel(options, upstream, handler, hosts, trustedProxies, Objects.requireNonNull(admission));
    }

    /** Returns the transport. */
    public WebSocketTransportOptions options() {
        return options;
    }

    /** Returns the service; empty for a tunnel with a handler. */
    public Optional<HostAndPort> upstream() {
        return Optional.ofNullable(upstream);
    }

    /** Returns the hosts; empty for all. */
    public List<String> hosts() {
        return hosts;
    }

    boolean hasAdmission() {
        return admission != null;
    }

    TunnelHandler handler(TcpConnector connector, Duration connectTimeout) {
        return handler != null ? handler : new TcpForwarder(connector, upstream, options, connectTimeout);
    }

    WebSocketUpgradeFilter.Builder filter(TunnelHandler handler) {
        WebSocketUpgradeFilter.Builder filter =
                WebSocketUpgradeFilter.builder(options, handler).hosts(hosts).trustedProxies(trustedProxies);
        return admission == null ? filter : filter.admit(admission);
    }
}
