package io.v2ws.tcp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * What a selector manager that is not a {@link TcpConnector}'s own has to do for the connections of one: a tunnel whose two
 * ends have the same selector needs no waking of one thread by another. Each of the manager's methods asks
 * {@link #isTcp} first and leaves what is not to itself.
 */
public final class TcpHosting {
    /**
     * How long one address may take, whatever the caller allows: the connect timeout of a host. Jetty's timer outlives a
     * connect that was given up and holds its channel until then, so this must not be long.
     */
    public static final Duration LONGEST_CONNECT = Duration.ofMinutes(1);

    /** The send buffer of connections to the same machine and to private networks, in bytes. */
    static final int NEAR_SEND_BUFFER = 256 * 1024;

    /** What a channel carries until its stream is there. */
    record Opening(TcpConnector connector, CompletableFuture<TcpStream> stream) {}

    private TcpHosting() {}

    /** Whether the attachment of a channel says that it is a {@link TcpConnector}'s. */
    public static boolean isTcp(Object attachment) {
        return attachment instanceof Opening;
    }

    /** Whether an end point was made here. */
    public static boolean isTcp(EndPoint endPoint) {
        return endPoint instanceof TcpEndPoint;
    }

    /** For {@link org.eclipse.jetty.io.SelectorManager#newEndPoint}. */
    public static SocketChannelEndPoint newEndPoint(
            SelectableChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        return new TcpEndPoint((SocketChannel) channel, selector, key, scheduler);
    }

    /** For {@link org.eclipse.jetty.io.SelectorManager#newConnection}. */
    public static Connection newConnection(EndPoint endPoint, Object attachment) {
        TcpConnector connector = ((Opening) attachment).connector;
        TcpEndPoint tcp = (TcpEndPoint) endPoint;
        boundSendBuffer(tcp);
        return TcpStream.newConnection(tcp, connector);
    }

    /**
     * Keeps the kernel's send queue small where that costs no throughput: to the same machine and to private networks, whose
     * delay is short. On every other path the kernel makes the buffer as large as the path needs.
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

    /** For {@link org.eclipse.jetty.io.SelectorManager#connectionOpened}, behind its own. */
    public static void opened(Connection connection, Object attachment) {
        TcpStream stream = TcpStream.of(connection);
        if (!((Opening) attachment).stream.complete(stream)) {
            // Too late: whoever asked has given up.
            stream.close();
        }
    }

    /** For {@link org.eclipse.jetty.io.SelectorManager#connectionFailed}. */
    public static void failed(Throwable cause, Object attachment) {
        ((Opening) attachment).stream.completeExceptionally(cause);
    }
}
