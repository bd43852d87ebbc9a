package io.v2ws.client;

import io.v2ws.internal.net.ServerName;
import io.v2ws.internal.tls.TlsCiphers;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.CRL;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's TLS for one server: one name to send and to verify, independent of the address that is dialled. */
final class TunnelSslContextFactory extends SslContextFactory.Client {
    private final String serverName;
    private final String[] alpn;
    private final HandshakeListener listener;
    private final Provider provider;
    private final List<String> pins;
    private final List<String> verifyNames;

    /**
     * Makes the factory of one client.
     *
     * @param listener null for none
     */
    TunnelSslContextFactory(TlsOptions tls, String urlHost, HandshakeListener listener) {
        super(acceptsAll(tls));
        this.listener = listener;
        this.serverName = tls.serverName() == null ? nameOf(urlHost) : tls.serverName();
        this.pins = tls.pinnedCertificates();
        // The JDK verifies no name with an underscore, so our trust manager does.
        this.verifyNames = tls.verifyNames().isEmpty()
                        && !acceptsAll(tls)
                        && !isAddress(serverName)
                        && sni(serverName).isEmpty()
                ? List.of(serverName)
                : tls.verifyNames();
        this.provider = tls.provider();
        this.alpn = tls.alpn().toArray(String[]::new);
        if (tls.trustStore() != null) {
            setTrustStore(tls.trustStore());
        } else if ((listener != null || provider != null || ownTrust()) && !acceptsAll(tls)) {
            // Without a store, Jetty lets the TLS provider choose the trust managers, and ours would not be asked.
            setTrustStore(TrustStores.ofTheJvm());
        }
        if (tls.keyStore() != null) {
            setKeyStore(tls.keyStore());
            setKeyStorePassword(tls.keyPassword());
        }
        // The JDK sends no SNI for a name without a dot, or with one at its end; Go sends both.
        List<SNIServerName> names = sni(serverName);
        setSNIProvider((engine, ofTheJdk) -> names);
        setCipherComparator(TlsCiphers.FASTEST_FIRST);
        setEndpointIdentificationAlgorithm(acceptsAll(tls) ? null : "HTTPS");
    }

    /** Returns what is sent: nothing for an address, nor for a name with an underscore, which Java's TLS refuses. */
    private static List<SNIServerName> sni(String name) {
        try {
            return isAddress(name) ? List.of() : List.of(new SNIHostName(name));
        } catch (IllegalArgumentException underscore) {
            return List.of();
        }
    }

    private static boolean acceptsAll(TlsOptions tls) {
        return tls.insecureSkipVerify() && tls.pinnedCertificates().isEmpty();
    }

    /** Whether our trust manager checks the certificate with its names, so that the engine must check no name. */
    private boolean ownTrust() {
        return !pins.isEmpty() || !verifyNames.isEmpty();
    }

    /** An IPv6 address in a URL may have a zone; elsewhere an address literal has none. */
    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || ServerName.isAddress(host);
    }

    private static String nameOf(String urlHost) {
        return isAddress(urlHost) ? urlHost : ServerName.parse(urlHost);
    }

    @Override
    protected SSLContext getSSLContextInstance() throws NoSuchAlgorithmException {
        // Not by Jetty's setProvider: if that fails, Jetty silently takes the JVM's own, and it also asks the named
        // provider for trust managers.
        return provider == null ? super.getSSLContextInstance() : SSLContext.getInstance(getProtocol(), provider);
    }

    @Override
    protected TrustManager[] getTrustManagers(KeyStore trustStore, Collection<? extends CRL> revoked) throws Exception {
        if (isTrustAll()) {
            // Jetty itself ignores the setting if there is a key store.
            return TRUST_ALL_CERTS;
        }
        TrustManager[] checks = certificateChecks(trustStore, revoked);
        if (checks == null) {
            return null;
        }
        return listener == null
                ? checks
                : WrappedTrustManager.wrap(checks, delegate -> new ReportingTrustManager(delegate, listener));
    }

    /** Returns the trust managers; null to leave the choice to the provider. */
    private TrustManager[] certificateChecks(KeyStore trustStore, Collection<? extends CRL> revoked) throws Exception {
        if (!pins.isEmpty()) {
            return new TrustManager[] {new PinTrustManager(pins)};
        }
        TrustManager[] managers = super.getTrustManagers(trustStore, revoked);
        if (managers == null) {
            if (!verifyNames.isEmpty()) {
                throw new IllegalStateException("expected trust managers to verify names with, got none");
            }
            return null;
        }
        TrustManager[] checks =
                provider == null ? managers : WrappedTrustManager.wrap(managers, JdkKeyTypeTrustManager::new);
        return verifyNames.isEmpty() ? checks : NameTrustManager.wrap(checks, verifyNames);
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        // The engine sends and verifies this host; Jetty would pass the address that was dialled.
        return super.newSSLEngine(serverName, port);
    }

    @Override
    public void customize(SSLEngine engine) {
        super.customize(engine);
        // Jetty sends no ALPN extension for a single protocol, but Go's servers and CDNs look at ALPN.
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        if (ownTrust()) {
            // The JDK would verify the name that is sent, and it ignores null here.
            parameters.setEndpointIdentificationAlgorithm("");
        }
        engine.setSSLParameters(parameters);
    }
}
