package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.io.SelectorAccept;
import io.v2ws.internal.io.TunnelEndPoint;
import io.v2ws.tcp.TcpConnector;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's connector, with a deadline for request heads and without thread hand-offs: the selector threads accept,
 * open and close connections themselves. They also carry the connections to the services behind the tunnels, so that
 * both ends of a tunnel are on one thread.
 *
 * <p>Jetty hands each accept, open and close to another thread. With one connection per tunnel, waking that thread
 * was a third of the work; the figures are in {@code docs/performance.md}.
 */
final class TunnelConnector extends ServerConnector {
    /** How many connections may wait to be accepted. Java's default of 50 is too few for many clients at once. */
    static final int BACKLOG = 1024;

    private final TcpConnector upstreams;
    private final Duration handshakeTimeout;
    private List<ServerSocketChannel> listening = List.of();
    /** What ends the accepting on the sockets beside the first. */
    private final List<Closeable> acceptors = new CopyOnWriteArrayList<>();

    TunnelConnector(Server server, TcpConnector upstreams, Duration handshakeTimeout, ConnectionFactory... factories) {
        // Zero acceptors: an acceptor thread would have to wake a selector for each connection.
        super(server, 0, -1, factories);
        this.upstreams = upstreams;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** Takes over bound sockets: the first one as Jetty's own, the others beside it. */
    void listenOn(List<ServerSocketChannel> bound) throws IOException {
        listening = bound;
        open(bound.get(0));
    }

    /** Returns the addresses of the sockets. */
    List<HostAndPort> addresses() {
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.socket().getLocalSocketAddress())
                .map(HostAndPort::of)
                .toList();
    }

    private List<ServerSocketChannel> others() {
        return listening.subList(Math.min(1, listening.size()), listening.size());
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new Selectors(executor, scheduler, selectors);
    }

    @Override
    protected void doStart() throws Exception {
        getSelectorManager().setConnectTimeout(HostedChannel.LONGEST_CONNECT.toMillis());
        upstreams.hostedBy(getSelectorManager());
        super.doStart();
        for (ServerSocketChannel channel : others()) {
            channel.configureBlocking(false);
            acceptors.add(getSelectorManager().acceptor(channel));
        }
    }

    @Override
    public void close() {
        acceptors.forEach(IO::close);
        super.close();
    }

    /**
     * Closes the listening socket after a start that failed. Jetty's {@link #close} leaves that to the selectors
     * where there is no acceptor thread, and the selectors may not have started.
     */
    void closeListener() {
        listening.forEach(IO::close);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint =
                new DeadlineEndPoint(channel, selector, key, getScheduler(), getExecutor(), handshakeTimeout);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** The selectors that both ends of all tunnels use. */
    private final class Selectors extends ServerConnectorManager {
        Selectors(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        @Override
        protected SelectableChannel doAccept(SelectableChannel listening) {
            SelectorAccept.next(listening, this, this::accepted);
            return null;
        }

        @Override
        protected void accepted(SelectableChannel channel) throws IOException {
            upstreams.keepAlive().applyTo((SocketChannel) channel);
            super.accepted(channel);
        }

        @Override
        protected void execute(Runnable task) {
            if (isStarted()) {
                task.run();
            } else {
                super.execute(task);
            }
        }

        @Override
        protected SocketChannelEndPoint newEndPoint(
                SelectableChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
            return key.attachment() instanceof HostedChannel hosted
                    ? hosted.newEndPoint(channel, selector, key, getScheduler())
                    : super.newEndPoint(channel, selector, key);
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment)
                throws IOException {
            return attachment instanceof HostedChannel tcp
                    ? tcp.newConnection(endPoint)
                    : super.newConnection(channel, endPoint, attachment);
        }

        @Override
        public void connectionOpened(Connection connection, Object attachment) {
            super.connectionOpened(connection, attachment);
            if (attachment instanceof HostedChannel tcp) {
                tcp.connectionOpened(connection);
            }
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            // Every outgoing connection of these selectors is one of the TcpConnector.
            ((HostedChannel) attachment).connectionFailed(cause);
        }

        @Override
        protected void endPointOpened(EndPoint endPoint) {
            if (!((TunnelEndPoint) endPoint).isHosted()) {
                super.endPointOpened(endPoint);
            }
        }

        @Override
        protected void endPointClosed(EndPoint endPoint) {
            if (!((TunnelEndPoint) endPoint).isHosted()) {
                super.endPointClosed(endPoint);
            }
        }
    }
}
