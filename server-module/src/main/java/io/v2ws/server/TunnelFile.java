package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the configuration file that the key {@code config} ({@code V2WS_CONFIG}) of a {@link WebSocketUpgradeFilter}
 * names. The filter finds an implementation with {@link java.util.ServiceLoader}; the WAR has one for the files of
 * {@code v2ws serve}. An implementation has a public constructor without parameters.
 */
public interface TunnelFile {

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException with a complete message of one line that names the file, if the file cannot be
     *     read or something in it is not as expected
     */
    Content read(Path file);

    /**
     * What a file says. Immutable.
     *
     * @param tunnels at least one; a request goes to the one with the longest path that matches
     * @param tcpKeepAlive of the connections to the services; empty if the file does not say
     * @param addressOrder of the addresses of services; empty if the file does not say
     * @param site the folder of the ordinary site; empty if the file does not say
     * @param healthPath see {@link WebSocketUpgradeFilter.Builder#healthPath}; empty if the file does not say
     * @param warnings what the file says in vain, one line each
     */
    record Content(
            List<Tunnel> tunnels,
            Optional<TcpKeepAlive> tcpKeepAlive,
            Optional<AddressOrder> addressOrder,
            Optional<String> site,
            Optional<String> healthPath,
            List<String> warnings) {

        /** Copies the lists. */
        public Content {
            tunnels = List.copyOf(tunnels);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One tunnel. Immutable.
     *
     * @param options the transport; its headers go into the 101 response
     * @param forward the TCP service; empty for the built-in echo
     * @param hosts the hosts the tunnel answers to, see {@link WebSocketUpgradeFilter.Builder#hosts}; empty for all
     * @param trustedProxies see {@link WebSocketUpgradeFilter.Builder#trustedProxies}; empty for none
     */
    record Tunnel(
            WebSocketTransportOptions options,
            Optional<HostAndPort> forward,
            List<String> hosts,
            List<String> trustedProxies) {

        /** Copies the lists. */
        public Tunnel {
            hosts = List.copyOf(hosts);
            trustedProxies = List.copyOf(trustedProxies);
        }
    }
}
