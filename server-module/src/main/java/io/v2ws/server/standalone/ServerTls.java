package io.v2ws.server.standalone;

import io.v2ws.internal.net.Printable;
import io.v2ws.internal.tls.TlsCiphers;
import io.v2ws.server.TunnelSslConnectionFactory;
import java.net.SocketAddress;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS settings of a server.
 *
 * @param keyStore certificate chain and private key
 * @param password of the key store and of the key
 * @param provider the security provider that implements TLS; null for the JVM's own
 */
record ServerTls(KeyStore keyStore, String password, Provider provider) {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    /** Returns the settings without the password, so that it never gets into a log. */
    @Override
    public String toString() {
        return "ServerTls[keyStore=" + keyStore.getType() + ", provider=" + provider + "]";
    }

    /** Returns a factory of TLS connections that hand the decrypted bytes to {@code nextProtocol}. */
    SslConnectionFactory connectionFactory(String nextProtocol) {
        return new TunnelSslConnectionFactory(contextFactory(), nextProtocol) {
            @Override
            protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
                SslConnection connection = super.newSslConnection(connector, endPoint, engine);
                if (LOG.isDebugEnabled()) {
                    // Otherwise no connection carries a listener along.
                    connection.addHandshakeListener(new FailureLog(endPoint.getRemoteSocketAddress()));
                }
                return connection;
            }
        };
    }

    private record FailureLog(SocketAddress client) implements SslHandshakeListener {
        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            LOG.debug(
                    "The TLS handshake of {} failed: {}",
                    client,
                    Printable.shortened(String.valueOf(failure.getMessage())));
        }
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
        ssl.setKeyStore(keyStore);
        ssl.setKeyStorePassword(password);
        ssl.setCipherComparator(TlsCiphers.FASTEST_FIRST);
        ssl.addExcludeCipherSuites(TlsCiphers.outdated());
        ssl.setRenegotiationAllowed(false);
        return ssl;
    }
}
