package io.v2ws.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * What is known of the upgrade request of a tunnel.
 *
 * @param clientAddress who asked, as far as trusted proxies tell (S13); the port is 0 where only a proxy knows it
 * @param host the {@code Host} header as it came; empty for none. Text from outside: escape it before you log it
 * @param path the configured path of the tunnel; never the request's, which may hold early data
 * @param headers the request headers but for the one that carries early data; names ignore case
 * @param earlyDataLength bytes of early data, already at the front of the stream
 */
public record TunnelRequest(
        InetSocketAddress clientAddress,
        String host,
        String path,
        Map<String, List<String>> headers,
        int earlyDataLength) {}
