package io.v2ws.internal.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sockets that listen on all addresses of a name: {@code localhost} is mostly both 127.0.0.1 and ::1. */
public final class ListenSockets {
    /** How often another free port is tried, if the first one is taken on another address. */
    private static final int TRIES = 20;

    private ListenSockets() {}

    /**
     * Looks the name up and listens on each of its addresses that this machine has, all with the same port. Blocking.
     *
     * @param port 0 for a free one
     * @return at least one, in the order of the name's addresses
     * @throws IOException if the name is unknown, or an address cannot be bound; then none is bound
     */
    public static List<ServerSocketChannel> bind(String host, int port, int backlog) throws IOException {
        List<InetAddress> addresses = addresses(host);
        for (int tries = 1; ; tries++) {
            try {
                return bind(addresses, port, backlog);
            } catch (BindException taken) {
                if (port != 0 || addresses.size() == 1 || tries == TRIES) {
                    throw taken;
                }
            }
        }
    }

    private static List<InetAddress> addresses(String host) throws IOException {
        List<InetAddress> all =
                Arrays.stream(InetAddress.getAllByName(host)).distinct().toList();
        List<InetAddress> ours = new ArrayList<>();
        for (InetAddress address : all) {
            // A machine without IPv6 may still have ::1 in its hosts file.
            if (all.size() > 1 && NetworkInterface.getByInetAddress(address) != null) {
                ours.add(address);
            }
        }
        return ours.isEmpty() ? all : ours;
    }

    private static List<ServerSocketChannel> bind(List<InetAddress> addresses, int port, int backlog)
            throws IOException {
        List<ServerSocketChannel> bound = new ArrayList<>();
        int common = port;
        try {
            for (InetAddress address : addresses) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                bound.add(channel);
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(address, common), backlog);
                common = channel.socket().getLocalPort();
            }
            return bound;
        } catch (IOException | RuntimeException x) {
            for (ServerSocketChannel channel : bound) {
                channel.close();
            }
            throw x;
        }
    }
}
