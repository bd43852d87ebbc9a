package io.v2ws.cli;

import io.v2ws.internal.tls.PemFiles;
import io.v2ws.internal.tls.TlsCiphers;
import io.v2ws.internal.tls.TlsConnection;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How the server end speaks TLS.
 *
 * @param identity certificate and key
 * @param provider what does the TLS; null for the JVM's own
 */
record ServerTls(PemFiles.KeyStoreWithPassword identity, Provider provider) {
    /** Makes what decrypts connections for the next protocol. */
    SslConnectionFactory connectionFactory(String nextProtocol) {
        ByteBufferPool largeBuffers = TlsConnection.newLargeBuffers();
        return new SslConnectionFactory(contextFactory(), nextProtocol) {
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
        };
    }

    private SslContextFactory.Server contextFactory() {
        SslContextFactory.Server ssl = new SslContextFactory.Server() {
            @Override
            protected SSLContext getSSLContextInstance() throws NoSuchAlgorithmException {
                return provider == null
                        ? super.getSSLContextInstance()
                        : SSLContext.getInstance(getProtocol(), provider);
            }
        };
        ssl.setKeyStore(identity.keyStore());
        ssl.setKeyStorePassword(identity.password());
        ssl.setCipherComparator(TlsCiphers.FASTEST_FIRST);
        ssl.setRenegotiationAllowed(false);
        return ssl;
    }
}
