package io.v2ws.client;

import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.io.TunnelEndPoint;
import io.v2ws.internal.tls.TlsConnection;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's client connector with our TLS, which avoids thread hand-offs: the selector threads open and close connections
 * themselves, and serve the TCP connections of a forwarder too.
 */
final class TunnelClientConnector extends ClientConnector {
    private final ByteBufferPool largeBuffers = TlsConnection.newLargeBuffers();
    private final TcpConnector hosted;
    private final TcpKeepAlive keepAlive;

    /**
     * Makes the connector.
     *
     * @param hosted the TCP connector whose connections it serves as well; null for none
     * @param keepAlive of its own connections, which lead to the server or the proxy
     */
    TunnelClientConnector(TcpConnector hosted, TcpKeepAlive keepAlive) {
        this.hosted = hosted;
        this.keepAlive = keepAlive;
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
                : new TunnelEndPoint((SocketChannel) channel, selector, key, getScheduler());
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
            return attachment instanceof HostedChannel tcp
                    ? tcp.newConnection(endPoint)
                    : super.newConnection(channel, endPoint, attachment);
        }

        @Override
        public void connectionOpened(Connection connection, Object attachment) {
            if (attachment instanceof HostedChannel tcp) {
                connection.onOpen();
                tcp.connectionOpened(connection);
            } else {
                super.connectionOpened(connection, attachment);
            }
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            if (attachment instanceof HostedChannel tcp) {
                tcp.connectionFailed(cause);
            } else {
                super.connectionFailed(channel, cause, attachment);
            }
        }
    }
}
