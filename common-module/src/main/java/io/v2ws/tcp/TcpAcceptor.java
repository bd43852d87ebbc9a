package io.v2ws.tcp;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.ListenSockets;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a TCP port and hands out each connection as a {@link TcpStream}. One failed connection never ends the
 * listening; {@link #close()} does, and leaves the connections alone.
 */
public final class TcpAcceptor implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpAcceptor.class);
    private static final int BACKLOG = 1024;

    private final TcpConnector connector;
    private final List<ServerSocketChannel> channels;
    private final Consumer<TcpStream> handler;
    private final InetSocketAddress localAddress;

    private TcpAcceptor(TcpConnector connector, List<ServerSocketChannel> channels, Consumer<TcpStream> handler) {
        this.connector = connector;
        this.channels = channels;
        this.handler = handler;
        this.localAddress = address(channels.get(0));
    }

    private static InetSocketAddress address(ServerSocketChannel channel) {
        return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    /**
     * Starts to listen.
     *
     * @param connector makes the streams; must be started
     * @param address where; port 0 takes a free one, see {@link #localAddress()}
     * @param handler receives each stream on one of the connector's threads; must not block
     * @throws IOException if the address cannot be bound
     */
    public static TcpAcceptor listen(TcpConnector connector, InetSocketAddress address, Consumer<TcpStream> handler)
            throws IOException {
        return listen(connector, HostAndPort.of(address), handler);
    }

    /**
     * Starts to listen on all addresses of a name that this machine has: {@code localhost} is mostly both 127.0.0.1 and
     * ::1. Blocking: looks the name up.
     *
     * @param connector makes the streams; must be started
     * @param address where; port 0 takes one that is free on all addresses
     * @param handler receives each stream on one of the connector's threads; must not block
     * @throws IOException if the name is unknown or an address cannot be bound
     */
    public static TcpAcceptor listen(TcpConnector connector, HostAndPort address, Consumer<TcpStream> handler)
            throws IOException {
        List<ServerSocketChannel> channels = List.of();
        try {
            channels = ListenSockets.bind(address.host(), address.port(), BACKLOG);
            for (ServerSocketChannel channel : channels) {
                channel.configureBlocking(false);
            }
            TcpAcceptor acceptor = new TcpAcceptor(connector, channels, handler);
            channels.forEach(channel -> connector.listen(channel, acceptor::take));
            return acceptor;
        } catch (IOException x) {
            channels.forEach(IO::close);
            String reason = x instanceof UnknownHostException ? "unknown host" : x.getMessage();
            throw new IOException("cannot listen on " + address.toDisplayString() + ": " + reason, x);
        } catch (RuntimeException x) {
            channels.forEach(IO::close);
            throw x;
        }
    }

    /** Where it listens, with the port that was taken; the first of {@link #localAddresses}. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** All addresses it listens on, with the port that was taken. */
    public List<InetSocketAddress> localAddresses() {
        return channels.stream().map(TcpAcceptor::address).toList();
    }

    @Override
    public void close() {
        channels.forEach(connector::unlisten);
    }

    /** Takes a connection over. */
    void take(SocketChannel accepted) {
        connector.accept(accepted).whenComplete((stream, failure) -> handle(accepted, stream, failure));
    }

    private void handle(SocketChannel accepted, TcpStream stream, Throwable failure) {
        if (failure != null) {
            LOG.warn("Cannot serve a connection on {}: {}", HostAndPort.of(localAddress), failure.toString());
            IO.close(accepted);
            return;
        }
        try {
            handler.accept(stream);
        } catch (RuntimeException x) {
            LOG.warn("The handler of {} failed", HostAndPort.of(localAddress), x);
            stream.abort(x);
        }
    }
}
