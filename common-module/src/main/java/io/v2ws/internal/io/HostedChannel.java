package io.v2ws.internal.io;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The attachment of a TCP connection that stands on the selectors of somebody else, the host: a tunnel whose two ends
 * have the same selector needs no waking of one thread by another. Each method of the host's {@link
 * org.eclipse.jetty.io.SelectorManager} leaves what has such an attachment to the method here of the same name.
 */
public interface HostedChannel {
    /**
     * How long one address may take, whatever the caller allows: the connect timeout of a host. Jetty's timer outlives
     * a connect that was given up and holds its channel until then, so this must not be long.
     */
    Duration LONGEST_CONNECT = Duration.ofMinutes(1);

    /** Makes the end point. */
    SocketChannelEndPoint newEndPoint(
            SelectableChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler);

    /** Makes the connection on an end point made here. */
    Connection newConnection(EndPoint endPoint);

    /** The connection is open; to be called behind the host's own. */
    void connectionOpened(Connection connection);

    /** The connection could not be made. */
    void connectionFailed(Throwable cause);
}
