package io.v2ws.client;

import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.net.AddressRace;
import io.v2ws.internal.net.HappyEyeballs;
import io.v2ws.internal.tls.TlsConnection;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's client connector with our TLS, which avoids thread hand-offs: the selector threads open and close connections
 * themselves, and serve the TCP connections of a forwarder too.
 */
final class TunnelClientConnector extends ClientConnector {
    private final ByteBufferPool largeBuffers = TlsConnection.newLargeBuffers();
    private final ClientSettings settings;
    /** The TCP connector whose connections it serves as well; null for none. */
    private final TcpConnector hosted;
    /** Of its own connections, which lead to the server or the proxy. */
    private final TcpKeepAlive keepAlive;

    private final OpenChannels channels;
    private final HappyEyeballs eyeballs;

    /**
     * Makes the connector.
     *
     * @param channels where it notes its sockets
     */
    TunnelClientConnector(ClientSettings settings, OpenChannels channels) {
        this.settings = settings;
        this.hosted = settings.ownsConnector() ? settings.connector() : null;
        this.keepAlive = settings.connector().keepAlive();
        this.channels = channels;
        this.eyeballs = new HappyEyeballs(settings.resolver(), settings.scheduler(), settings.addressOrder()::sort);
    }

    /** Connects to the host of an address without IP address, as RFC 8305 says. */
    @Override
    public void connect(SocketAddress address, Map<String, Object> context) {
        InetSocketAddress target = (InetSocketAddress) address;
        if (settings.listener() != null) {
            settings.listener().onLookup(target.getHostString());
        }
        Opening opening = Opening.of(context);
        opening.connect(() -> eyeballs.connect(
                target.getHostString(), target.getPort(), settings.route().dialled(), new Dialler(opening, context)));
    }

    @Override
    public ClientConnectionFactory newSslClientConnectionFactory(
            SslContextFactory.Client tls, ClientConnectionFactory next) {
        SslContextFactory.Client context = tls == null ? getSslContextFactory() : tls;
        return new SslClientConnectionFactory(context, getByteBufferPool(), getExecutor(), next) {
            @Override
            protected SslConnection newSslConnection(EndPoint endPoint, SSLEngine engine) {
                return new TlsConnection(getByteBufferPool(), largeBuffers, getExecutor(), context, endPoint, engine);
            }
        };
    }

    @Override
    protected void configure(SelectableChannel channel) throws IOException {
        super.configure(channel);
        keepAlive.applyTo((SocketChannel) channel);
    }

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        return key.attachment() instanceof HostedChannel tcp
                ? tcp.newEndPoint(channel, selector, key, getScheduler())
                : new ClientEndPoint((SocketChannel) channel, selector, key, getScheduler());
    }

    @Override
    protected SelectorManager newSelectorManager() {
        return new Selectors();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (hosted != null) {
            hosted.hostedBy(getBean(Selectors.class));
        }
    }

    /** Closes a channel that is registered with a selector, which has to wake up for that. */
    private void abandon(SocketChannel channel) {
        IO.close(channel);
        Selectors selectors = getBean(Selectors.class);
        if (selectors != null) {
            selectors.getBeans(ManagedSelector.class).forEach(selector -> selector.submit(woken -> {}));
        }
    }

    /**
     * A connect to one address, in place of the context of Jetty's that it gets if it wins.
     *
     * @param context of the connection to be
     */
    private record Candidate(InetSocketAddress address, AddressRace.Attempt attempt, Map<String, Object> context) {
        boolean win() {
            boolean first = attempt.win();
            if (first) {
                context.put(REMOTE_SOCKET_ADDRESS_CONTEXT_KEY, address);
            }
            return first;
        }
    }

    /** Connects to the addresses of the server or proxy for one {@link Opening}. */
    private final class Dialler implements AddressRace.Dialler {
        private final Opening opening;
        private final Map<String, Object> context;

        Dialler(Opening opening, Map<String, Object> context) {
            this.opening = opening;
            this.context = context;
        }

        @Override
        public Closeable dial(InetSocketAddress address, AddressRace.Attempt attempt) throws IOException {
            Selectors selectors = getBean(Selectors.class);
            if (selectors == null) {
                throw new IOException("the client is closed");
            }
            SocketChannel channel = SocketChannel.open();
            try {
                channels.add(channel);
                configure(channel);
                channel.configureBlocking(false);
                Candidate candidate = new Candidate(address, attempt, context);
                if (channel.connect(address)) {
                    selectors.accept(channel, candidate);
                } else {
                    selectors.connect(channel, candidate);
                }
                return () -> abandon(channel);
            } catch (IOException | RuntimeException x) {
                channel.close();
                throw x;
            }
        }

        @Override
        public void failed(IOException failure) {
            opening.failed(failure);
        }

        @Override
        public void resolved(List<InetSocketAddress> addresses) {
            if (settings.listener() != null) {
                settings.listener().onResolved(List.copyOf(addresses));
            }
        }

        @Override
        public void connecting(InetSocketAddress address) {
            if (settings.listener() != null) {
                settings.listener().onConnecting(address);
            }
        }

        @Override
        public void attemptFailed(InetSocketAddress address, Throwable cause) {
            if (settings.listener() != null) {
                settings.listener().onConnectFailed(address, cause);
            }
        }

        @Override
        public void connected(InetSocketAddress address) {
            opening.connected(settings.proxy());
            if (settings.listener() != null) {
                settings.listener().onConnected(address);
            }
        }
    }

    /** A connection that another one has made unnecessary: closes as soon as it is open. */
    private static final class Unwanted extends AbstractConnection {
        Unwanted(EndPoint endPoint, Executor executor) {
            super(endPoint, executor);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            getEndPoint().close();
        }

        @Override
        public void onFillable() {
            // Never called: this connection does not read.
        }
    }

    /** The selectors of both ends of all tunnels. */
    private final class Selectors extends ClientSelectorManager {
        Selectors() {
            super(TunnelClientConnector.this.getExecutor(), TunnelClientConnector.this.getScheduler(), getSelectors());
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
        protected SelectableChannel doAccept(SelectableChannel listening) {
            hosted.acceptFrom(listening, this);
            return null;
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment)
                throws IOException {
            if (attachment instanceof HostedChannel tcp) {
                return tcp.newConnection(endPoint);
            }
            Candidate candidate = (Candidate) attachment;
            return candidate.win()
                    ? super.newConnection(channel, endPoint, candidate.context)
                    : new Unwanted(endPoint, getExecutor());
        }

        @Override
        public void connectionOpened(Connection connection, Object attachment) {
            if (attachment instanceof HostedChannel tcp) {
                connection.onOpen();
                tcp.connectionOpened(connection);
            } else if (connection instanceof Unwanted) {
                connection.onOpen();
            } else {
                super.connectionOpened(connection, ((Candidate) attachment).context);
            }
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            if (attachment instanceof HostedChannel tcp) {
                tcp.connectionFailed(cause);
            } else {
                ((Candidate) attachment).attempt.failed(cause);
            }
        }
    }
}
