package io.v2ws.client;

import io.v2ws.TlsCiphers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's TLS for one server: one name to send and to verify, whatever address is dialled. */
final class TunnelSslContextFactory extends SslContextFactory.Client {
    private final String serverName;
    private final String[] alpn;
    private final HandshakeListener listener;
    private final Provider provider;

    /**
     * Makes the factory of one client.
     *
     * @param listener null for none
     */
    TunnelSslContextFactory(TlsOptions tls, String urlHost, HandshakeListener listener) {
        super(tls.insecureSkipVerify());
        this.listener = listener;
        this.serverName = tls.serverName() == null ? urlHost : tls.serverName();
        this.provider = tls.provider();
        this.alpn = tls.alpn().toArray(String[]::new);
        if (tls.trustStore() != null) {
            setTrustStore(tls.trustStore());
        } else if ((listener != null || provider != null) && !tls.insecureSkipVerify()) {
            // Without any store Jetty would leave the trust managers to whoever does the TLS, out of our reach.
            setTrustStore(jvmAuthorities());
        }
        if (tls.keyStore() != null) {
            setKeyStore(tls.keyStore());
            setKeyStorePassword(tls.keyPassword());
        }
        // The JDK leaves out names without a dot; Go sends them.
        setSNIProvider((engine, names) ->
                names.isEmpty() && serverName.matches("[A-Za-z0-9-]+") ? List.of(new SNIHostName(serverName)) : names);
        setCipherComparator(TlsCiphers.FASTEST_FIRST);
        setEndpointIdentificationAlgorithm(tls.insecureSkipVerify() ? null : "HTTPS");
    }

    @Override
    protected SSLContext getSSLContextInstance() throws NoSuchAlgorithmException {
        // Not by Jetty's name of a provider: where that fails, Jetty takes the JVM's own without a word, and asks the
        // named one for trust managers as well.
        return provider == null ? super.getSSLContextInstance() : SSLContext.getInstance(getProtocol(), provider);
    }

    @Override
    protected TrustManager[] getTrustManagers(KeyStore trustStore, Collection<? extends CRL> revoked) throws Exception {
        if (isTrustAll()) {
            // Jetty itself forgets this where there is a key.
            return TRUST_ALL_CERTS;
        }
        TrustManager[] managers = super.getTrustManagers(trustStore, revoked);
        if (managers == null) {
            return null;
        }
        TrustManager[] judges = provider == null ? managers : ForeignTlsTrustManager.wrap(managers);
        return listener == null ? judges : TellingTrustManager.wrap(judges, listener);
    }

    private static KeyStore jvmAuthorities() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (TrustManager manager : factory.getTrustManagers()) {
                for (X509Certificate issuer : ((X509TrustManager) manager).getAcceptedIssuers()) {
                    authorities.setCertificateEntry(String.valueOf(authorities.size()), issuer);
                }
            }
            return authorities;
        } catch (GeneralSecurityException | IOException x) {
            throw new IllegalStateException("cannot read the authorities that Java trusts: " + x.getMessage(), x);
        }
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        // The host of the engine is what is sent and verified; Jetty passes the address that was dialled.
        return super.newSSLEngine(serverName, port);
    }

    @Override
    public void customize(SSLEngine engine) {
        super.customize(engine);
        // Jetty itself offers a single protocol not at all, and Go's servers and CDNs look at it.
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        engine.setSSLParameters(parameters);
    }
}
