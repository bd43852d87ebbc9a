package io.v2ws.tcp;

import io.v2ws.HostAndPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
    private final ServerSocketChannel channel;
    private final Consumer<TcpStream> handler;
    private final InetSocketAddress localAddress;

    private TcpAcceptor(TcpConnector connector, ServerSocketChannel channel, Consumer<TcpStream> handler)
            throws IOException {
        this.connector = connector;
        this.channel = channel;
        this.handler = handler;
        this.localAddress = (InetSocketAddress) channel.getLocalAddress();
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
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            TcpAcceptor acceptor = new TcpAcceptor(connector, channel, handler);
            connector.listen(channel, acceptor::take);
            return acceptor;
        } catch (IOException x) {
            IO.close(channel);
            throw new IOException("cannot listen on " + HostAndPort.of(address) + ": " + x.getMessage(), x);
        } catch (RuntimeException x) {
            IO.close(channel);
            throw x;
        }
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        connector.unlisten(channel);
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
