package io.v2ws.server;

import io.v2ws.internal.tls.TlsConnection;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's factory of TLS connections, with connections that read and write several records in one system call.
 *
 * <p>{@link TunnelServerConnector} uses it and adds the end point that rule F5 of {@code docs/protocol.md} needs. Alone
 * in another connector it saves system calls and no more.
 */
public class TunnelSslConnectionFactory extends SslConnectionFactory {
    private final ByteBufferPool largeBuffers = TlsConnection.newLargeBuffers();

    /**
     * Makes a factory.
     *
     * @param tls certificate, key and protocols; not null
     * @param nextProtocol the protocol inside TLS, such as {@code http/1.1} or {@code alpn}; not null
     */
    public TunnelSslConnectionFactory(SslContextFactory.Server tls, String nextProtocol) {
        super(Objects.requireNonNull(tls, "tls"), Objects.requireNonNull(nextProtocol, "nextProtocol"));
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
        return new TlsConnection(
                connector.getByteBufferPool(),
                largeBuffers,
                connector.getExecutor(),
                getSslContextFactory(),
                endPoint,
                engine);
    }
}
