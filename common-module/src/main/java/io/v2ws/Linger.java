package io.v2ws;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** SO_LINGER of the socket below an end point. */
final class Linger {
    private Linger() {}

    /** Makes the close that follows a reset: what the kernel has not delivered is dropped, on both sides of the cut. */
    static void reset(Object transport) {
        if (transport instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException closedAlready) {
                // Then there is nothing to reset.
            }
        }
    }
}
