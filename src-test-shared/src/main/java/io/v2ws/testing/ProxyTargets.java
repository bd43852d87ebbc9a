package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the targets a proxy was asked for, and knows names the system does not. */
final class ProxyTargets {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();

    List<String> asked() {
        return List.copyOf(asked);
    }

    void route(String hostAndPort, InetSocketAddress address) {
        routes.put(hostAndPort, address);
    }

    /** Notes the target and connects to it. */
    Socket connect(SocketServer server, String hostAndPort) throws IOException {
        asked.add(hostAndPort);
        InetSocketAddress route = routes.get(hostAndPort);
        return server.connect(route == null ? resolve(hostAndPort) : route);
    }

    private static InetSocketAddress resolve(String hostAndPort) throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    hostAndPort.substring(0, Math.max(colon, 0)), Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException("not a target: " + hostAndPort, e);
        }
    }
}
