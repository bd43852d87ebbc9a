package io.v2ws.client;

import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * Knows the sockets of a client, so that none is left when it is closed: Jetty forgets one whose connect succeeds just when
 * it stops. Safe for any thread.
 */
final class OpenChannels implements ClientConnector.ConnectListener {
    private final AutoLock lock = new AutoLock();
    private final Set<SocketChannel> channels = new HashSet<>();
    /** How many there may be before the closed ones are dropped: so that each costs the same, however many there are. */
    private int sweepAt = 64;

    @Override
    public void onConnectBegin(SocketChannel channel, SocketAddress address) {
        try (AutoLock ignored = lock.lock()) {
            channels.add(channel);
            if (channels.size() >= sweepAt) {
                channels.removeIf(each -> !each.isOpen());
                sweepAt = Math.max(64, 2 * channels.size());
            }
        }
    }

    /** Closes what is open still. */
    void close() {
        Set<SocketChannel> left;
        try (AutoLock ignored = lock.lock()) {
            left = Set.copyOf(channels);
            channels.clear();
        }
        left.forEach(IO::close);
    }
}
