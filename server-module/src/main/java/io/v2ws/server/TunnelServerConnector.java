package io.v2ws.server;

import io.v2ws.internal.io.TunnelEndPoint;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's {@link ServerConnector} for an application that has tunnels beside its own pages. Use it in its place where
 * Jetty itself does the TLS: Jetty's own TLS connection drops what a client had sent before it reset the connection,
 * as soon as a write fails. Here everything that arrived is delivered (F5 in {@code docs/protocol.md}). Nothing else
 * differs, and every protocol that Jetty offers can be used.
 *
 * <pre>{@code
 * import io.v2ws.server.TunnelServerConnector;
 * import org.eclipse.jetty.server.HttpConnectionFactory;
 * import org.eclipse.jetty.server.Server;
 * import org.eclipse.jetty.util.ssl.SslContextFactory;
 *
 * SslContextFactory.Server tls = new SslContextFactory.Server();
 * tls.setKeyStorePath("keystore.p12");
 * tls.setKeyStorePassword(password);
 * TunnelServerConnector connector = new TunnelServerConnector(server, tls, new HttpConnectionFactory());
 * connector.setPort(443);
 * server.addConnector(connector);
 * }</pre>
 */
public class TunnelServerConnector extends ServerConnector {
    /**
     * Makes a connector without TLS.
     *
     * @param server that it belongs to; not null
     * @param factories the protocols, the default first; at least one
     */
    public TunnelServerConnector(Server server, ConnectionFactory... factories) {
        super(server, factories);
    }

    /**
     * Makes a connector with TLS.
     *
     * @param server that it belongs to; not null
     * @param tls certificate, key and protocols; not null
     * @param factories the protocols inside TLS, the default first; at least one
     */
    public TunnelServerConnector(Server server, SslContextFactory.Server tls, ConnectionFactory... factories) {
        super(server, withTls(tls, factories));
    }

    private static ConnectionFactory[] withTls(SslContextFactory.Server tls, ConnectionFactory... factories) {
        Objects.requireNonNull(tls, "tls");
        if (factories.length == 0) {
            throw new IllegalArgumentException("factories: expected at least one, got none");
        }
        ConnectionFactory[] all = new ConnectionFactory[factories.length + 1];
        all[0] = new TunnelSslConnectionFactory(tls, factories[0].getProtocol());
        System.arraycopy(factories, 0, all, 1, factories.length);
        return all;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new TunnelEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
