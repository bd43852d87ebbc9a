package io.v2ws.internal.io;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;

/** SO_LINGER of the socket below an end point. */
public final class TcpReset {
    private TcpReset() {}

    /**
     * Closes the connection below an end point by a reset. The TLS layer is passed over: it would send a close_notify
     * and a FIN, which is an end in order to the peer.
     */
    public static void reset(EndPoint endPoint) {
        EndPoint lowest = lowest(endPoint);
        if (lowest.getTransport() instanceof SocketChannel channel) {
            resetOnClose(channel);
        }
        lowest.close();
    }

    /** Whether the connection below an end point is a socket of ours or Jetty's, and not a container's. */
    static boolean hasSocket(EndPoint endPoint) {
        return lowest(endPoint).getTransport() instanceof SocketChannel;
    }

    /** Returns the end point below all layers. */
    public static EndPoint lowest(EndPoint endPoint) {
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        return lowest;
    }

    /** Makes the close that follows a reset: what the kernel has not delivered is dropped, on both sides of the cut. */
    public static void resetOnClose(SocketChannel channel) {
        setLinger(channel, 0);
    }

    /** Takes {@link #resetOnClose} back. */
    public static void deliverOnClose(SocketChannel channel) {
        setLinger(channel, -1);
    }

    private static void setLinger(SocketChannel channel, int seconds) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, seconds);
        } catch (IOException closedAlready) {
            // Then there is nothing to decide.
        }
    }
}
