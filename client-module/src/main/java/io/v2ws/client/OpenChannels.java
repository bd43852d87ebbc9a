package io.v2ws.client;

import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * Tracks the sockets of a client, so that none stays open when the client closes: Jetty does not close a socket whose
 * connect succeeds while Jetty stops. Safe for any thread.
 */
final class OpenChannels {
    private final AutoLock lock = new AutoLock();
    private final Set<SocketChannel> channels = new HashSet<>();
    /** At this number the closed sockets are dropped; doubled each time, so that the cost per socket stays constant. */
    private int sweepAt = 64;

    void add(SocketChannel channel) {
        try (AutoLock ignored = lock.lock()) {
            channels.add(channel);
            if (channels.size() >= sweepAt) {
                channels.removeIf(each -> !each.isOpen());
                sweepAt = Math.max(64, 2 * channels.size());
            }
        }
    }

    /** Closes the sockets that are still open. */
    void close() {
        Set<SocketChannel> left;
        try (AutoLock ignored = lock.lock()) {
            left = Set.copyOf(channels);
            channels.clear();
        }
        left.forEach(IO::close);
    }
}
