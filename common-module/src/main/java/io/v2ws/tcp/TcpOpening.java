package io.v2ws.tcp;

import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.net.AddressRace;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that is being made or accepted, until its stream is there.
 *
 * @param attempt null if it was accepted
 */
record TcpOpening(TcpContext context, AddressRace.Attempt attempt, CompletableFuture<TcpStream> stream)
        implements HostedChannel {
    /** The send buffer of connections to the same machine and to private networks, in bytes. */
    static final int NEAR_SEND_BUFFER = 256 * 1024;

    @Override
    public SocketChannelEndPoint newEndPoint(
            SelectableChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        return new TcpEndPoint((SocketChannel) channel, selector, key, scheduler);
    }

    @Override
    public Connection newConnection(EndPoint endPoint) {
        TcpEndPoint tcp = (TcpEndPoint) endPoint;
        boundSendBuffer(tcp);
        return TcpStream.newConnection(tcp, context);
    }

    @Override
    public void connectionOpened(Connection connection) {
        TcpStream opened = TcpStream.of(connection);
        if (attempt != null && !attempt.win() || !stream.complete(opened)) {
            // Another address was faster, or the caller has given up.
            opened.close();
        }
    }

    @Override
    public void connectionFailed(Throwable cause) {
        attempt.failed(cause);
    }

    /**
     * Keeps the kernel's send queue small where that costs no throughput: to the same machine and to private networks,
     * whose delay is short. On every other path the kernel makes the buffer as large as the path needs.
     */
    private static void boundSendBuffer(TcpEndPoint endPoint) {
        if (endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote && isNear(remote.getAddress())) {
            try {
                endPoint.getChannel().setOption(StandardSocketOptions.SO_SNDBUF, NEAR_SEND_BUFFER);
            } catch (IOException closedAlready) {
                // The first read or write tells.
            }
        }
    }

    private static boolean isNear(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal(address);
    }

    /** RFC 4193: the private networks of IPv6, which Java does not know (its "site local" ones are deprecated). */
    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    }
}
