package io.v2ws.cli;

import io.v2ws.PemFiles;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How the server end speaks TLS.
 *
 * @param identity certificate and key
 * @param provider what does the TLS; null for the JVM's own
 */
record ServerTls(PemFiles.KeyStoreWithPassword identity, Provider provider) {
    /** Makes Jetty's form of it. */
    SslContextFactory.Server contextFactory() {
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
        ssl.setRenegotiationAllowed(false);
        return ssl;
    }
}
